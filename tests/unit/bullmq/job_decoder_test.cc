#include "exporter/bullmq/job_decoder.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

// The reply of HMGET for a hash, all payloads asked for.
std::vector<Reply> Values(const std::map<std::string, std::string, std::less<>>& hash) {
  std::vector<Reply> values;
  const auto add = [&](std::string_view field) {
    Reply& value = values.emplace_back();
    const auto found = hash.find(field);
    if (found == hash.end()) return;
    value.type = Reply::Type::kString;
    value.text = found->second;
  };
  for (const std::string_view field : kPlainJobFields) add(field);
  for (const PayloadField field : kPayloadFields) add(PayloadFieldName(field));
  return values;
}

std::optional<Job> Decode(const std::map<std::string, std::string, std::less<>>& hash) {
  std::vector<Reply> values = Values(hash);
  return DecodeJob(values, kPayloadFields);
}

TEST(JobDecoderTest, ReadsAJob) {
  const auto job = Decode({{"name", "sync"},
                           {"data", R"({"a":1})"},
                           {"timestamp", "1678886400000"},
                           {"processedOn", "1678886401000"},
                           {"finishedOn", "1678886402000"},
                           {"atm", "5"},
                           {"failedReason", "Error: x"},
                           {"stacktrace", R"(["at x"])"},
                           {"returnvalue", "null"}});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->name, "sync");
  EXPECT_EQ(job->timestamp_ms, 1678886400000);
  EXPECT_EQ(job->processed_on_ms, 1678886401000);
  EXPECT_EQ(job->finished_on_ms, 1678886402000);
  EXPECT_EQ(job->attempts_made, 5);
  EXPECT_EQ(job->payload(PayloadField::kData).text, R"({"a":1})");
  EXPECT_EQ(job->payload(PayloadField::kReturnValue).text, "null");
  EXPECT_EQ(job->payload(PayloadField::kFailedReason).text, "Error: x");
  EXPECT_EQ(job->payload(PayloadField::kStacktrace).text, R"(["at x"])");
}

TEST(JobDecoderTest, AbsentFieldsStayAbsent) {
  const auto job = Decode({{"data", ""}});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->name, "");
  EXPECT_EQ(job->timestamp_ms, std::nullopt);
  EXPECT_EQ(job->processed_on_ms, std::nullopt);
  EXPECT_EQ(job->finished_on_ms, std::nullopt);
  EXPECT_EQ(job->attempts_made, 0);
  EXPECT_EQ(job->payload(PayloadField::kData).text, "");
  EXPECT_EQ(job->payload(PayloadField::kStacktrace).text, std::nullopt);
}

TEST(JobDecoderTest, AJobThatIsGoneIsNone) { EXPECT_EQ(Decode({}), std::nullopt); }

TEST(JobDecoderTest, AttemptsMadeGoesBeforeAtm) {
  EXPECT_EQ(Decode({{"attemptsMade", "2"}, {"atm", "5"}})->attempts_made, 2);
  EXPECT_EQ(Decode({{"attemptsMade", "0"}, {"atm", "5"}})->attempts_made, 0);
  EXPECT_EQ(Decode({{"attemptsMade", ""}, {"atm", "5"}})->attempts_made, 0);
  EXPECT_EQ(Decode({{"atm", "many"}})->attempts_made, 0);
}

TEST(JobDecoderTest, NumbersAreReadAsParseIntDoes) {
  struct Case {
    const char* text;
    std::optional<std::int64_t> number;
  };
  for (const Case& c : {
           Case{"12", 12},
           Case{" 12", 12},
           Case{"+12", 12},
           Case{"-12", -12},
           Case{"12.9", 12},
           Case{"12abc", 12},
           Case{"", std::nullopt},
           Case{"abc", std::nullopt},
           Case{"-", std::nullopt},
           Case{"+", std::nullopt},
           Case{"NaN", std::nullopt},
           Case{"99999999999999999999", std::nullopt},
           Case{"9007199254740993", 9007199254740993},
       }) {
    EXPECT_EQ(Decode({{"timestamp", c.text}})->timestamp_ms, c.number) << c.text;
  }
}

TEST(JobDecoderTest, OnlyThePayloadsThatWereReadAreThere) {
  const std::vector<PayloadField> read = {PayloadField::kStacktrace};
  std::vector<Reply> values = Values({{"name", "a"}, {"data", "[]"}});
  values.resize(kPlainJobFields.size() + 1);
  values.back().type = Reply::Type::kString;
  values.back().text = "trace";
  const auto job = DecodeJob(values, read);
  EXPECT_EQ(job->payload(PayloadField::kStacktrace).text, "trace");
  EXPECT_EQ(job->payload(PayloadField::kData).text, std::nullopt);
}

}  // namespace
}  // namespace bullmq_exporter
