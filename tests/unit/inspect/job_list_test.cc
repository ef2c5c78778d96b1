#include "exporter/inspect/job_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/inspect/inspection_fixture.h"
#include "tests/unit/inspect/parsed_json.h"

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;

std::string List(const InspectedTargets& targets, const JobListQuery& query) {
  const auto list = ListJobs(targets, ApiConfig{}, query);
  if (list) return **list;
  return std::to_string(static_cast<int>(list.error().kind)) + " " + list.error().message;
}

TEST(JobListTest, HasTheOriginalShape) {
  FakeTarget target("default", {"bull"});
  target.AddQueue("bull", "q");
  EXPECT_EQ(List({target.Inspected()}, {.queue = "q"}),
            R"({"name":"q",)"
            R"("counts":{"active":0,"completed":0,"failed":1,"delayed":0,"waiting":0,"paused":0},)"
            R"("jobs":[{"id":"1","name":"job of q","data":{},"state":"failed","timestamp":5,)"
            R"("attemptsMade":0,"stacktrace":[],"returnValue":null}],)"
            R"("pagination":{"currentPage":1,"totalPages":1,"totalJobs":1,"limit":10}})");
}

TEST(JobListTest, SaysWhereTheQueueIsWhereThereAreSeveralPlaces) {
  FakeTarget target("main", {"bull", "cow"});
  target.AddQueue("cow", "q");
  EXPECT_THAT(List({target.Inspected()}, {.queue = "q"}),
              testing::StartsWith(R"({"name":"q","redis":"main","prefix":"cow","counts":{)"));
}

TEST(JobListTest, AConfiguredQueueExistsBeforeItsKeys) {
  FakeTarget target("default", {"bull"}, {{"bull", "q"}});
  EXPECT_EQ(
      List({target.Inspected()}, {.queue = "q", .status = JobState::kWaitingChildren, .limit = 7}),
      R"({"name":"q",)"
      R"("counts":{"active":0,"completed":0,"failed":0,"delayed":0,"waiting":0,"paused":0},)"
      R"("jobs":[],"pagination":{"currentPage":1,"totalPages":0,"totalJobs":0,"limit":7}})");
}

TEST(JobListTest, PagesAddUp) {
  FakeTarget target("default", {"bull"}, {{"bull", "q"}});
  for (int i = 0; i < 25; ++i) {
    const std::string id = std::to_string(100 + i);
    target.Run({"HSET", "bull:q:" + id, "name", "n"});
    target.Run({"ZADD", "bull:q:completed", id, id});
  }
  struct Case {
    std::int64_t page;
    std::int64_t limit;
    bool newest_first;
    std::int64_t pages;
    std::size_t jobs;
    const char* first;
  };
  for (const Case& c : {
           Case{1, 10, false, 3, 10, "100"},
           Case{3, 10, false, 3, 5, "120"},
           Case{4, 10, false, 3, 0, ""},
           Case{1, 25, false, 1, 25, "100"},
           Case{2, 24, false, 2, 1, "124"},
           Case{1, 10, true, 3, 10, "124"},
           Case{3, 10, true, 3, 5, "104"},
           Case{2147483647, 1000, false, 1, 0, ""},
           Case{2147483647, 1000, true, 1, 0, ""},
       }) {
    const auto document = ParsedJson(List({target.Inspected()}, {.queue = "q",
                                                                 .status = JobState::kCompleted,
                                                                 .page = c.page,
                                                                 .limit = c.limit,
                                                                 .newest_first = c.newest_first}));
    EXPECT_EQ(document["pagination"]["totalPages"].GetInt64(), c.pages);
    EXPECT_EQ(document["pagination"]["totalJobs"].GetInt64(), 25);
    EXPECT_EQ(document["pagination"]["currentPage"].GetInt64(), c.page);
    EXPECT_EQ(document["pagination"]["limit"].GetInt64(), c.limit);
    ASSERT_EQ(document["jobs"].Size(), c.jobs) << c.page;
    if (c.jobs > 0) {
      EXPECT_STREQ(document["jobs"][0]["id"].GetString(), c.first);
    }
  }
}

TEST(JobListTest, EveryStateCanBeListed) {
  FakeTarget target("default", {"bull"}, {{"bull", "q"}});
  target.Run({"HSET", "bull:q:1", "name", "n"});
  for (const JobState state : kJobStates) {
    const std::string key =
        "bull:q:" + std::string(state == JobState::kWaiting ? "wait" : JobStateName(state));
    const bool list =
        state == JobState::kWaiting || state == JobState::kActive || state == JobState::kPaused;
    if (list) {
      target.Run({"LPUSH", key, "1"});
    } else {
      target.Run({"ZADD", key, "1", "1"});
    }
    const auto document = ParsedJson(List({target.Inspected()}, {.queue = "q", .status = state}));
    EXPECT_EQ(document["pagination"]["totalJobs"].GetInt64(), 1);
    const std::string shown =
        state == JobState::kPaused ? "waiting" : std::string(JobStateName(state));
    EXPECT_EQ(document["jobs"][0]["state"].GetString(), shown);
  }
}

TEST(JobListTest, Errors) {
  FakeTarget target("default", {"bull"}, {{"bull", "q"}});
  const InspectedTargets targets = {target.Inspected()};
  EXPECT_EQ(List(targets, {.queue = "none"}), "1 Queue none not found");
  EXPECT_EQ(List(targets, {.queue = "q", .selection = {"x", {}}}),
            "0 Parameter redis must be one of default");
  target.Run({"SET", "bull:q:failed", "x"});
  EXPECT_EQ(List(targets, {.queue = "q"}), "3 Queue q cannot be read: a key has the wrong type");
  target.server().FailAll(Error{ErrorCode::kConnect, "refused"});
  EXPECT_EQ(List(targets, {.queue = "q"}), "4 Redis default cannot be reached");
  EXPECT_EQ(List(targets, {.queue = "none"}), "4 Redis default cannot be reached");
}

TEST(JobListTest, APayloadBeyondTheBoundIsNamed) {
  FakeTarget target("default", {"bull"}, {{"bull", "q"}});
  target.Run({"HSET", "bull:q:1", "name", "n", "data", std::string((1u << 20) + 1, 'x')});
  target.Run({"ZADD", "bull:q:failed", "1", "1"});
  EXPECT_THAT(List({target.Inspected()}, {.queue = "q"}),
              HasSubstr(R"("truncated":{"data":1048577})"));
}

// A page within the bound of what is read was twelve times as long.
TEST(JobListTest, EscapesDoNotOutgrowTheBoundOfTheAnswer) {
  FakeTarget target("default", {"bull"}, {{"bull", "q"}});
  for (const char* id : {"1", "2", "3"}) {
    target.Run({"HSET", "bull:q:" + std::string(id), "name", "n", "failedReason",
                std::string(100, '\x01')});
    target.Run({"ZADD", "bull:q:failed", id, id});
  }
  ApiConfig config;
  config.max_response_bytes = 1500;
  const auto list = ListJobs({target.Inspected()}, config, {.queue = "q"});
  ASSERT_TRUE(list);
  const auto document = ParsedJson(**list);
  ASSERT_EQ(document["jobs"].Size(), 3u);
  EXPECT_EQ(document["jobs"][0]["error"].GetStringLength(), 100u);
  EXPECT_FALSE(document["jobs"][0].HasMember("truncated"));
  EXPECT_TRUE(document["jobs"][2]["failedReason"].IsNull());
  EXPECT_TRUE(document["jobs"][2]["error"].IsNull());
  EXPECT_EQ(document["jobs"][2]["truncated"]["failedReason"].GetInt64(), 100);
}

}  // namespace
}  // namespace bullmq_exporter
