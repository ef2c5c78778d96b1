#include "exporter/poll/server_poller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class ServerPollerTest : public testing::Test {
 protected:
  // Reads several times; returns what was logged.
  std::string Read() {
    testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(poller_.Read(redis_, GenerousLimits()));
    return testing::internal::GetCapturedStderr();
  }
  static std::int64_t Lines(const std::string& log) {
    return std::count(log.begin(), log.end(), '\n');
  }

  FakeRedis redis_;
  const QueueFilter filter_{{"bull"}, {}};
  QueueSet queues_{filter_, 100};
  Discovery discovery_{DiscoveryConfig{}, filter_, queues_};
  const Logger logger_{LogLevel::kInfo, LogFormat::kLogfmt};
  ServerPoller poller_{"main", filter_, discovery_, logger_};
};

TEST_F(ServerPollerTest, TellsTimeServersAndWorkers) {
  redis_.server().SetTimeMs(1764000000123);
  redis_.server().SetClientList("id=1 addr=1.2.3.4:5 name=bull:YQ== age=1\n");
  EXPECT_EQ(poller_.info_supported(), std::nullopt);
  EXPECT_THAT(Read(), IsEmpty());
  EXPECT_EQ(poller_.now_ms(), 1764000000123);
  EXPECT_EQ(poller_.servers().size(), 1u);
  EXPECT_EQ(poller_.WorkersOf({"bull", "a"}), 1);
  EXPECT_EQ(poller_.WorkersOf({"bull", "b"}), 0);
  EXPECT_EQ(poller_.info_supported(), true);
  EXPECT_EQ(poller_.workers_supported(), true);
}

TEST_F(ServerPollerTest, InfoAndClientListAreAskedSeldom) {
  redis_.server().SetClientList("id=1 addr=1.2.3.4:5 name= age=1\n");
  (void)Read();
  EXPECT_EQ(redis_.server().log().size(), 3u + 2u) << "TIME each time";
}

TEST_F(ServerPollerTest, ARefusedTimeIsLoggedOnceAndOurClockStandsIn) {
  redis_.server().SetTimeMs(1764000000123);
  redis_.server().SetClientList("id=1 addr=1.2.3.4:5 name= age=1\n");
  redis_.server().Forbid("TIME");
  const std::int64_t before = NowMs();
  const std::string refused = Read();
  EXPECT_EQ(Lines(refused), 1) << refused;
  EXPECT_THAT(refused, AllOf(HasSubstr("level=warn"), HasSubstr("command cannot be used"),
                             HasSubstr("redis=main command=TIME"), HasSubstr("NOPERM")));
  EXPECT_GE(poller_.now_ms(), before);
  redis_.server().Allow("TIME");
  const std::string allowed = Read();
  EXPECT_EQ(Lines(allowed), 1) << allowed;
  EXPECT_THAT(allowed, AllOf(HasSubstr("level=info"), HasSubstr("command can be used again"),
                             HasSubstr("command=TIME")));
  EXPECT_EQ(poller_.now_ms(), 1764000000123);
}

TEST_F(ServerPollerTest, EachRefusedCommandIsLoggedOnce) {
  redis_.server().Forbid("INFO");
  redis_.server().Forbid("CLIENT LIST");
  const std::string refused = Read();
  EXPECT_EQ(Lines(refused), 2) << refused;
  EXPECT_THAT(refused, AllOf(HasSubstr("command=INFO"), HasSubstr("command=\"CLIENT LIST\"")));
  EXPECT_EQ(poller_.info_supported(), false);
  EXPECT_EQ(poller_.workers_supported(), false);
  EXPECT_EQ(poller_.WorkersOf({"bull", "a"}), std::nullopt);
}

}  // namespace
}  // namespace bullmq_exporter
