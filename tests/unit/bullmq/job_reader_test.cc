#include "exporter/bullmq/job_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clients.h"

namespace bullmq_exporter {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

const QueueId kQueue{"bull", "q"};

class JobReaderTest : public testing::Test {
 protected:
  JobReaderTest() : pool_(2, FakeClients(server_)) {}

  Reply Run(std::initializer_list<std::string_view> args) { return server_->Run(args); }
  void AddJob(std::string_view id, std::string_view data = "{}") {
    Run({"HSET", "bull:q:" + std::string(id), "name", "n" + std::string(id), "data", data,
         "timestamp", "7"});
  }

  [[nodiscard]] JobReader Reader() { return {pool_, limits_}; }
  static SteadyClock::time_point Soon() { return SteadyClock::now() + std::chrono::minutes(1); }

  auto Read(const JobPageRequest& request) { return Reader().ReadPage(kQueue, request, Soon()); }

  // The ids of a page, or the label of the error.
  std::vector<std::string> Ids(const JobPageRequest& request) {
    const auto page = Read(request);
    if (!page) return {"error", std::string(ErrorLabel(page.error().error.code))};
    std::vector<std::string> ids;
    for (const Job& job : page->jobs) ids.push_back(job.id);
    return ids;
  }

  std::shared_ptr<FakeRedisServer> server_ = std::make_shared<FakeRedisServer>();
  ClientPool pool_;
  JobReader::Limits limits_;
};

TEST_F(JobReaderTest, ZsetsComeByAscendingScore) {
  for (const auto* id : {"a", "b", "c", "d", "e"}) AddJob(id);
  Run({"ZADD", "bull:q:failed", "5", "e", "1", "a", "4", "d", "2", "b", "3", "c"});
  EXPECT_THAT(Ids({.offset = 0, .limit = 2}), ElementsAre("a", "b"));
  EXPECT_THAT(Ids({.offset = 2, .limit = 2}), ElementsAre("c", "d"));
  EXPECT_THAT(Ids({.offset = 4, .limit = 2}), ElementsAre("e"));
  EXPECT_THAT(Ids({.offset = 6, .limit = 2}), IsEmpty());
  EXPECT_THAT(Ids({.offset = 0, .limit = 2, .newest_first = true}), ElementsAre("e", "d"));
  EXPECT_THAT(Ids({.offset = 4, .limit = 2, .newest_first = true}), ElementsAre("a"));
  EXPECT_THAT(Ids({.offset = 2'147'483'646'000, .limit = 1000}), IsEmpty());
}

TEST_F(JobReaderTest, ListsComeFromTheRightEnd) {
  for (const auto* id : {"a", "b", "c", "d", "e"}) {
    AddJob(id);
    Run({"LPUSH", "bull:q:active", id});
  }
  const JobState state = JobState::kActive;
  EXPECT_THAT(Ids({state, 0, 2}), ElementsAre("a", "b"));
  EXPECT_THAT(Ids({state, 2, 2}), ElementsAre("c", "d"));
  EXPECT_THAT(Ids({state, 4, 2}), ElementsAre("e"));
  EXPECT_THAT(Ids({state, 0, 5}), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(Ids({state, 0, 100}), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(Ids({state, 5, 2}), IsEmpty());
  EXPECT_THAT(Ids({state, 2'147'483'646'000, 1000}), IsEmpty());
  EXPECT_THAT(Ids({state, 0, 2, true}), ElementsAre("e", "d"));
  EXPECT_THAT(Ids({state, 4, 2, true}), ElementsAre("a"));
}

// Ten jobs and a marker are one page of ten, as BullMQ shows it.
TEST_F(JobReaderTest, APageCountsFromTheElementBeforeAMarker) {
  for (const auto* id : {"a", "b", "c"}) {
    AddJob(id);
    Run({"LPUSH", "bull:q:wait", id});
    Run({"LPUSH", "bull:q:paused", id});
  }
  Run({"RPUSH", "bull:q:wait", "0:0"});
  Run({"RPUSH", "bull:q:paused", "0:0"});
  for (const JobState state : {JobState::kWaiting, JobState::kPaused}) {
    EXPECT_EQ(Read({state})->counts[Index(state)], 3);
    EXPECT_THAT(Ids({state, 0, 2}), ElementsAre("a", "b"));
    EXPECT_THAT(Ids({state, 2, 2}), ElementsAre("c"));
    EXPECT_THAT(Ids({state, 0, 3}), ElementsAre("a", "b", "c"));
    EXPECT_THAT(Ids({state, 3, 3}), IsEmpty());
    EXPECT_THAT(Ids({state, 0, 2, true}), ElementsAre("c", "b"));
    EXPECT_THAT(Ids({state, 2, 2, true}), ElementsAre("a"));
  }
}

TEST_F(JobReaderTest, MarkersElsewhereAreLeftOut) {
  for (const auto* id : {"a", "b", "c"}) AddJob(id);
  Run({"RPUSH", "bull:q:wait", "c", "0:0", "b", "a"});
  EXPECT_THAT(Ids({JobState::kWaiting, 0, 3}), ElementsAre("a", "b"));
  EXPECT_THAT(Ids({JobState::kWaiting, 3, 3}), ElementsAre("c"));
  Run({"RPUSH", "bull:q:active", "c", "0:0"});
  EXPECT_THAT(Ids({JobState::kActive, 0, 10}), ElementsAre("c"));
}

TEST_F(JobReaderTest, TheSetTellsTheState) {
  AddJob("a");
  for (const JobState state : kJobStates) {
    Run({"DEL", "bull:q:wait", "bull:q:active", "bull:q:paused"});
    if (state == JobState::kWaiting) Run({"LPUSH", "bull:q:wait", "a"});
    if (state == JobState::kActive) Run({"LPUSH", "bull:q:active", "a"});
    if (state == JobState::kPaused) Run({"LPUSH", "bull:q:paused", "a"});
    const std::string key = "bull:q:" + std::string(JobStateName(state));
    Run({"ZADD", key, "1", "a"});  // WRONGTYPE, and no change, where it is a list
    const auto page = Read({state});
    ASSERT_TRUE(page) << key;
    ASSERT_EQ(page->jobs.size(), 1u) << key;
    EXPECT_EQ(page->jobs[0].state, state == JobState::kPaused ? JobState::kWaiting : state);
    EXPECT_EQ(page->counts[Index(state)], 1);
  }
}

TEST_F(JobReaderTest, JobsOfAPausedBullQueueArePaused) {
  AddJob("a");
  Run({"LPUSH", "bull:q:paused", "a"});
  Run({"SET", "bull:q:meta-paused", "1"});
  EXPECT_EQ(Read({JobState::kPaused})->jobs[0].state, JobState::kPaused);
  Run({"DEL", "bull:q:meta-paused"});
  Run({"HSET", "bull:q:meta-paused", "name", "a job with an odd id"});
  EXPECT_EQ(Read({JobState::kPaused})->jobs[0].state, JobState::kWaiting);
}

TEST_F(JobReaderTest, JobsThatVanishedOrAreNoHashAreLeftOut) {
  AddJob("a");
  AddJob("c");
  Run({"SET", "bull:q:b", "no hash"});
  Run({"ZADD", "bull:q:failed", "1", "a", "2", "b", "3", "c", "4", "gone"});
  EXPECT_THAT(Ids({}), ElementsAre("a", "c"));
  EXPECT_EQ(Read({})->counts[Index(JobState::kFailed)], 4);
}

TEST_F(JobReaderTest, ReadsWholeJobs) {
  Run({"HSET",        "bull:q:1", "name",         "sync", "data",       R"({"a":1})",
       "timestamp",   "1",        "processedOn",  "2",    "finishedOn", "3",
       "atm",         "4",        "failedReason", "why",  "stacktrace", "[]",
       "returnvalue", "5",        "opts",         "{}"});
  Run({"ZADD", "bull:q:failed", "3", "1"});
  const auto page = Read({});
  ASSERT_EQ(page->jobs.size(), 1u);
  const Job& job = page->jobs[0];
  EXPECT_EQ(job.name, "sync");
  EXPECT_EQ(job.timestamp_ms, 1);
  EXPECT_EQ(job.processed_on_ms, 2);
  EXPECT_EQ(job.finished_on_ms, 3);
  EXPECT_EQ(job.attempts_made, 4);
  EXPECT_EQ(job.payload(PayloadField::kData).text, R"({"a":1})");
  EXPECT_EQ(job.payload(PayloadField::kReturnValue).text, "5");
  EXPECT_EQ(job.payload(PayloadField::kFailedReason).text, "why");
  EXPECT_EQ(job.payload(PayloadField::kStacktrace).text, "[]");
}

TEST_F(JobReaderTest, LongPayloadsAreNotRead) {
  limits_.max_field_bytes = 10;
  AddJob("a", std::string(10, 'x'));
  AddJob("b", std::string(11, 'x'));
  Run({"HSET", "bull:q:b", "stacktrace", std::string(1000, 'y'), "failedReason", "short"});
  Run({"ZADD", "bull:q:failed", "1", "a", "2", "b"});
  server_->ClearLog();
  const auto page = Read({});
  ASSERT_EQ(page->jobs.size(), 2u);
  EXPECT_EQ(page->jobs[0].payload(PayloadField::kData).text, std::string(10, 'x'));
  EXPECT_EQ(page->jobs[0].payload(PayloadField::kData).withheld_bytes, 0);
  const Job& job = page->jobs[1];
  EXPECT_EQ(job.name, "nb");
  EXPECT_EQ(job.payload(PayloadField::kData).text, std::nullopt);
  EXPECT_EQ(job.payload(PayloadField::kData).withheld_bytes, 11);
  EXPECT_EQ(job.payload(PayloadField::kStacktrace).withheld_bytes, 1000);
  EXPECT_EQ(job.payload(PayloadField::kFailedReason).text, "short");
  for (const auto& command : server_->log()) {
    if (command[0] == "HMGET" && command[1] == "bull:q:b") {
      EXPECT_THAT(command, Not(testing::Contains("data")));
    }
  }
}

TEST_F(JobReaderTest, AllPayloadsOfAPageAreBounded) {
  limits_.max_page_bytes = 25;
  for (const auto* id : {"a", "b", "c"}) AddJob(id, std::string(10, 'x'));
  AddJob("d", "tiny");
  Run({"ZADD", "bull:q:failed", "1", "a", "2", "b", "3", "c", "4", "d"});
  const auto page = Read({});
  ASSERT_EQ(page->jobs.size(), 4u);
  EXPECT_EQ(page->jobs[1].payload(PayloadField::kData).withheld_bytes, 0);
  EXPECT_EQ(page->jobs[2].payload(PayloadField::kData).withheld_bytes, 10);
  EXPECT_EQ(page->jobs[2].name, "nc");
  EXPECT_EQ(page->jobs[3].payload(PayloadField::kData).text, "tiny");
}

TEST_F(JobReaderTest, APageIsThreeExchanges) {
  for (const auto* id : {"a", "b", "c"}) AddJob(id);
  Run({"ZADD", "bull:q:failed", "1", "a", "2", "b", "3", "c"});
  const std::size_t before = server_->exchanges();
  EXPECT_EQ(Read({})->jobs.size(), 3u);
  EXPECT_EQ(server_->exchanges() - before, 3u);
  EXPECT_EQ(Read({JobState::kCompleted})->jobs.size(), 0u);
  EXPECT_EQ(server_->exchanges() - before, 4u);
}

// BullMQ's scripts remove markers: only reads may be sent, and none that grows with the queue.
TEST_F(JobReaderTest, OnlyBoundedReadsAreSent) {
  AddJob("a");
  Run({"RPUSH", "bull:q:wait", "a", "0:0"});
  server_->ClearLog();
  for (const JobState state : kJobStates) {
    EXPECT_TRUE(Read({state, 0, 3}));
    EXPECT_TRUE(Read({state, 0, 3, true}));
  }
  for (const auto& command : server_->log()) {
    EXPECT_THAT((std::vector<std::string>{"LLEN", "ZCARD", "LINDEX", "LRANGE", "ZRANGE",
                                          "ZREVRANGE", "STRLEN", "HSTRLEN", "HMGET"}),
                testing::Contains(command[0]));
    if (command[0].ends_with("RANGE")) {
      EXPECT_LE(std::stoll(command[3]) - std::stoll(command[2]) + 1, 4) << command[1];
    }
  }
  EXPECT_EQ(Run({"LLEN", "bull:q:wait"}).integer, 2);
}

TEST_F(JobReaderTest, UnreadableKeysBlameTheQueue) {
  AddJob("a");
  Run({"ZADD", "bull:q:failed", "1", "a"});
  Run({"SET", "bull:q:completed", "x"});
  auto page = Read({});
  ASSERT_FALSE(page);
  EXPECT_TRUE(page.error().queue_only);
  EXPECT_EQ(page.error().error.code, ErrorCode::kWrongType);
  Run({"DEL", "bull:q:completed"});
  for (const char* command : {"ZRANGE", "HSTRLEN", "HMGET", "LINDEX"}) {
    server_->Forbid(command);
    page = Read({});
    ASSERT_FALSE(page) << command;
    EXPECT_TRUE(page.error().queue_only) << command;
    EXPECT_EQ(page.error().error.code, ErrorCode::kNoPermission) << command;
    server_->Allow(command);
  }
  EXPECT_TRUE(Read({}));
}

TEST_F(JobReaderTest, AServerThatDoesNotAnswerIsToldApart) {
  AddJob("a");
  Run({"ZADD", "bull:q:failed", "1", "a"});
  server_->SetServerError("LOADING Redis is loading the dataset in memory");
  auto page = Read({});
  ASSERT_FALSE(page);
  EXPECT_FALSE(page.error().queue_only);
  EXPECT_EQ(page.error().error.code, ErrorCode::kLoading);
  EXPECT_EQ(Reader().Confirm(std::vector{kQueue}, Soon()).error().code, ErrorCode::kLoading);
  EXPECT_EQ(Reader().ReadCounts(std::vector{kQueue}, Soon()).error().code, ErrorCode::kLoading);
  server_->SetServerError("");

  server_->FailAll(Error{ErrorCode::kConnect, "refused"});
  page = Read({});
  ASSERT_FALSE(page);
  EXPECT_FALSE(page.error().queue_only);
  EXPECT_EQ(Reader().ReadCounts({}, Soon()).error().code, ErrorCode::kConnect);
  server_->FailAll(std::nullopt);

  page = Reader().ReadPage(kQueue, {}, SteadyClock::now() - std::chrono::seconds(1));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().error.code, ErrorCode::kTimeout);
}

TEST_F(JobReaderTest, CountsOfManyQueuesComeInChunksAndOrder) {
  std::vector<QueueId> queues;
  for (int i = 0; i < 1203; ++i) {
    queues.push_back({"bull", "q" + std::to_string(i)});
    if (i % 100 == 0) Run({"ZADD", "bull:q" + std::to_string(i) + ":failed", "1", "a"});
  }
  Run({"SET", "bull:q7:wait", "x"});
  const std::size_t before = server_->exchanges();
  const auto counts = Reader().ReadCounts(queues, Soon());
  ASSERT_TRUE(counts);
  ASSERT_EQ(counts->size(), queues.size());
  EXPECT_EQ(server_->exchanges() - before, 3u);
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (i == 7) {
      EXPECT_EQ((*counts)[i].error().code, ErrorCode::kWrongType);
    } else {
      EXPECT_EQ((*counts)[i].value()[Index(JobState::kFailed)], i % 100 == 0 ? 1 : 0);
    }
  }
}

// The whole list was 'cannot be reached'.
TEST_F(JobReaderTest, AnIdOfManyMegabytesTakesItsQueueAlone) {
  std::vector<QueueId> queues;
  for (int i = 0; i < 20; ++i) {
    queues.push_back({"bull", "q" + std::to_string(i)});
    const std::size_t size = i == 3 || i == 19 ? 40u << 20 : 1;
    Run({"RPUSH", "bull:q" + std::to_string(i) + ":wait", std::string(size, 'x')});
  }
  const auto counts = Reader().ReadCounts(queues, Soon());
  ASSERT_TRUE(counts);
  ASSERT_EQ(counts->size(), queues.size());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (i == 3 || i == 19) {
      EXPECT_EQ((*counts)[i].error().code, ErrorCode::kTooLarge);
    } else {
      EXPECT_EQ((*counts)[i].value()[Index(JobState::kWaiting)], 1);
    }
  }
}

TEST_F(JobReaderTest, ConfirmsQueuesThatAreThereNow) {
  const std::vector<QueueId> queues = {{"bull", "a"}, {"bull", "b"}, {"bull", "c"}};
  EXPECT_THAT(*Reader().Confirm(queues, Soon()), Each(false));
  Run({"HSET", "bull:b:meta", "opts.maxLenEvents", "10000"});
  Run({"HSET", "bull:c:meta", "name", "a job"});
  EXPECT_THAT(*Reader().Confirm(queues, Soon()), ElementsAre(false, true, false));
}

TEST_F(JobReaderTest, NamesAndIdsMayBeAnyBytes) {
  const QueueId queue{"p:{x}", std::string("\0\n\xff:", 4)};
  const std::string id("a\0:\r\n", 5);
  const std::string base = "p:{x}:" + queue.name + ":";
  Run({"HSET", base + id, "name", "n"});
  Run({"LPUSH", base + "wait", id});
  const auto page = Reader().ReadPage(queue, {JobState::kWaiting}, Soon());
  ASSERT_TRUE(page);
  ASSERT_EQ(page->jobs.size(), 1u);
  EXPECT_EQ(page->jobs[0].id, id);
}

}  // namespace
}  // namespace bullmq_exporter
