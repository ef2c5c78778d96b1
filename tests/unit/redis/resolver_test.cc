#include "exporter/redis/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;

TEST(ResolverTest, AddressesNeedNoLookup) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    // A deadline that has passed: nothing waits for a thread.
    const auto addresses = Resolver(host, 6379).Resolve(SteadyClock::now());
    ASSERT_TRUE(addresses) << addresses.error().message;
    ASSERT_EQ(addresses->size(), 1u);
    EXPECT_EQ(addresses->front().Text(), host);
  }
}

TEST(ResolverTest, FindsANameAgainAndAgain) {
  Resolver resolver("localhost", 6379);
  for (int i = 0; i < 3; ++i) {
    const auto addresses = resolver.Resolve(SteadyClock::now() + 60s);
    ASSERT_TRUE(addresses) << addresses.error().message;
    EXPECT_FALSE(addresses->empty());
  }
}

TEST(ResolverTest, TellsThatANameHasNoAddress) {
  // A label of more than 63 bytes, which no server is asked for.
  Resolver resolver(std::string(70, 'a') + ".invalid", 6379);
  for (int i = 0; i < 2; ++i) {
    const auto addresses = resolver.Resolve(SteadyClock::now() + 60s);
    ASSERT_FALSE(addresses);
    EXPECT_EQ(addresses.error().code, ErrorCode::kResolve);
  }
}

}  // namespace
}  // namespace bullmq_exporter
