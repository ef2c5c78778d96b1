#include "exporter/redis/backoff.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;

TEST(BackoffTest, GrowsFromATenthToFiveSecondsAndStartsAgain) {
  const SteadyClock::time_point now{};
  Backoff backoff;
  EXPECT_LT(backoff.next(), now);
  for (int round = 0; round < 2; ++round) {
    for (const auto longest : {200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
      backoff.Failed(now);
      EXPECT_GE(backoff.next(), now + longest / 2);
      EXPECT_LE(backoff.next(), now + longest);
    }
    backoff.Succeeded();
    EXPECT_LT(backoff.next(), now);
  }
}

TEST(BackoffTest, DiffersBetweenClients) {
  std::set<SteadyClock::time_point> nexts;
  for (int client = 0; client < 50; ++client) {
    Backoff backoff;
    for (int i = 0; i < 6; ++i) backoff.Failed({});
    nexts.insert(backoff.next());
  }
  EXPECT_GT(nexts.size(), 10u);
}

}  // namespace
}  // namespace bullmq_exporter
