#include "exporter/http/jobs_params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exporter/http/request_target.h"

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;

auto ParseJobList(const std::string& query, std::int64_t max_page_size = 1000) {
  return ParseJobListParams(ParseRequestTarget("/?" + query).value_or(RequestTarget{}).query,
                            max_page_size);
}

TEST(JobListParams, Defaults) {
  const auto query = ParseJobList("");
  ASSERT_TRUE(query.has_value());
  EXPECT_EQ(query->status, JobState::kFailed);
  EXPECT_EQ(query->page, 1);
  EXPECT_EQ(query->limit, 10);
  EXPECT_FALSE(query->newest_first);
  EXPECT_FALSE(query->selection.redis.has_value());
  EXPECT_FALSE(query->selection.prefix.has_value());
}

TEST(JobListParams, AreTaken) {
  const auto query = ParseJobList(
      "unknown=1&status=waiting-children&page=2147483647&limit=1000&order=desc&redis=a&prefix=b%3Ac"
      "&unknown=2");
  ASSERT_TRUE(query.has_value());
  EXPECT_EQ(query->status, JobState::kWaitingChildren);
  EXPECT_EQ(query->page, 2147483647);
  EXPECT_EQ(query->limit, 1000);
  EXPECT_TRUE(query->newest_first);
  EXPECT_EQ(query->selection.redis, "a");
  EXPECT_EQ(query->selection.prefix, "b:c");
}

TEST(JobListParams, EveryStateIsAStatus) {
  for (const JobState state : kJobStates) {
    const auto query = ParseJobList("status=" + std::string(JobStateName(state)));
    ASSERT_TRUE(query.has_value()) << JobStateName(state);
    EXPECT_EQ(query->status, state);
  }
}

TEST(JobListParams, FaultsNameTheParameterAndWhatIsAllowed) {
  const std::string page = "Parameter page must be a whole number from 1 to 2147483647";
  const std::string limit = "Parameter limit must be a whole number from 1 to 1000";
  const std::string status =
      "Parameter status must be one of waiting, active, delayed, prioritized, waiting-children, "
      "paused, completed, failed";
  struct Row {
    std::string query;
    std::string message;
  };
  const std::vector<Row> rows = {
      {"status=", status},
      {"status=Failed", status},
      {"status=unknown", status},
      {"status=failed%00", status},
      {"page=", page},
      {"page=0", page},
      {"page=-1", page},
      {"page=%2B1", page},
      {"page=1.0", page},
      {"page=1e3", page},
      {"page=0x10", page},
      {"page=+1", page},
      {"page=1+", page},
      {"page=2147483648", page},
      {"page=99999999999999999999", page},
      {"page=%D9%A1", page},
      {"limit=0", limit},
      {"limit=1001", limit},
      {"limit=ten", limit},
      {"order=ASC", "Parameter order must be asc or desc"},
      {"order=", "Parameter order must be asc or desc"},
      {"status=failed&status=failed", "Parameter status may be given only once"},
      {"page=1&page=1", "Parameter page may be given only once"},
      {"limit=1&limit=1", "Parameter limit may be given only once"},
      {"order=asc&order=asc", "Parameter order may be given only once"},
      {"redis=a&redis=a", "Parameter redis may be given only once"},
      {"prefix=a&prefix=a", "Parameter prefix may be given only once"},
  };
  for (const auto& [query, message] : rows) {
    const auto parsed = ParseJobList(query);
    ASSERT_FALSE(parsed.has_value()) << query;
    EXPECT_EQ(parsed.error().message, message) << query;
  }
}

TEST(JobListParams, DigitsMayBeginWithZeros) { EXPECT_EQ(ParseJobList("page=007")->page, 7); }

TEST(JobListParams, TheDefaultLimitHoldsASmallLargestPage) {
  EXPECT_EQ(ParseJobList("", 5)->limit, 5);
  EXPECT_THAT(ParseJobList("limit=6", 5).error().message, HasSubstr("from 1 to 5"));
}

TEST(QueueListParams, AreTaken) {
  const auto query = ParseQueueListParams({{"redis", "a"}, {"status", "x"}, {"status", "y"}});
  ASSERT_TRUE(query.has_value());
  EXPECT_EQ(query->selection.redis, "a");
  EXPECT_FALSE(query->selection.prefix.has_value());
  EXPECT_FALSE(ParseQueueListParams({{"prefix", "a"}, {"prefix", "b"}}).has_value());
}

}  // namespace
}  // namespace bullmq_exporter
