#pragma once

#include <gtest/gtest.h>

#include "exporter/bullmq/queue_reader.h"
#include "tests/support/fake_redis.h"

namespace bullmq_exporter {

inline constexpr std::int64_t kNow = 1764000000000;

class QueueReaderTest : public testing::Test {
 protected:
  QueueSnapshot Read(const QueueId& id = {"bull", "q"}) {
    QueueSnapshot snapshot;
    snapshot.id = id;
    QueueToRead queue{&snapshot, &known_, std::nullopt};
    const ReadContext context{redis_, GenerousLimits(), now_ms_, server_tells_time_};
    const auto done = ReadQueues(context, std::span(&queue, 1));
    EXPECT_TRUE(done) << done.error().message;
    error_ = queue.error;
    return snapshot;
  }
  // With exchanges that may receive so much.
  Result<void> ReadWithin(std::size_t max_bytes) {
    QueueSnapshot snapshot;
    snapshot.id = {"bull", "q"};
    QueueToRead queue{&snapshot, &known_, std::nullopt};
    ExchangeLimits limits = GenerousLimits();
    limits.max_bytes = max_bytes;
    const ReadContext context{redis_, limits, now_ms_};
    return ReadQueues(context, std::span(&queue, 1));
  }
  static std::int64_t Jobs(const QueueSnapshot& queue, JobState state) {
    return queue.jobs[Index(state)];
  }
  std::size_t CommandsNamed(std::string_view name) {
    std::size_t count = 0;
    for (const auto& command : redis_.server().log()) count += command[0] == name;
    return count;
  }

  FakeRedis redis_;
  KnownQueue known_;
  std::int64_t now_ms_ = kNow;
  bool server_tells_time_ = true;
  std::optional<Error> error_;
};

}  // namespace bullmq_exporter
