#include "exporter/instruments/poll_instruments.h"

#include <gtest/gtest.h>

#include "tests/unit/instruments/collected.h"

namespace bullmq_exporter {
namespace {

std::string Errors(const std::string& reason) {
  return R"(bullmq_exporter_poll_errors_total{reason=")" + reason + R"(",redis="main"})";
}

TEST(PollInstrumentsTest, EveryReasonBeginsAtZero) {
  prometheus::Registry registry;
  const PollInstruments poll(registry, "main");
  const auto values = Collected(registry);
  for (const char* reason : {"resolve", "connect", "timeout", "closed", "tls", "auth", "database",
                             "noperm", "wrong_type", "loading", "busy", "readonly_broken_link",
                             "max_clients", "protocol", "too_large", "cluster_down", "other"}) {
    ASSERT_TRUE(values.contains(Errors(reason))) << reason;
    EXPECT_EQ(values.at(Errors(reason)), 0);
  }
  EXPECT_EQ(values.size(), 17 + 1);
}

TEST(PollInstrumentsTest, CountsByReason) {
  struct Case {
    ErrorCode code;
    const char* reason;
  };
  const Case cases[] = {
      {ErrorCode::kResolve, "resolve"},     {ErrorCode::kTimeout, "timeout"},
      {ErrorCode::kNoPermission, "noperm"}, {ErrorCode::kOther, "other"},
      {ErrorCode::kInternal, "other"},  // what is no error of Redis still is an error of the poll
  };
  for (const Case& c : cases) {
    prometheus::Registry registry;
    PollInstruments poll(registry, "main");
    poll.CountError(c.code);
    EXPECT_EQ(Collected(registry).at(Errors(c.reason)), 1) << c.reason;
  }
}

TEST(PollInstrumentsTest, ObservesDurations) {
  prometheus::Registry registry;
  PollInstruments poll(registry, "main");
  poll.ObservePoll(0.003);
  poll.ObservePoll(2);
  EXPECT_EQ(Collected(registry).at(R"(bullmq_exporter_poll_duration_seconds_count{redis="main"})"),
            2);
}

}  // namespace
}  // namespace bullmq_exporter
