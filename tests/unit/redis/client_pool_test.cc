#include "exporter/redis/client_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;

SteadyClock::time_point Soon() { return SteadyClock::now() + 60s; }

class ClientPoolTest : public testing::Test {
 protected:
  ClientPool Pool(std::size_t size) {
    return {size, [this] {
              ++made_;
              return std::make_unique<FakeRedis>(server_);
            }};
  }

  std::shared_ptr<FakeRedisServer> server_ = std::make_shared<FakeRedisServer>();
  std::atomic<int> made_ = 0;
};

TEST_F(ClientPoolTest, MakesClientsOnDemandAndKeepsThem) {
  ClientPool pool = Pool(3);
  RedisClient* first = nullptr;
  RedisClient* second = nullptr;
  EXPECT_EQ(made_, 0);
  {
    const auto a = pool.Acquire(Soon());
    const auto b = pool.Acquire(Soon());
    ASSERT_TRUE(a && b);
    first = &**a;
    second = &**b;
    EXPECT_NE(first, second);
    EXPECT_EQ((*a)->Address(), "fake:6379");
  }
  for (int i = 0; i < 10; ++i) {
    const auto again = pool.Acquire(Soon());
    ASSERT_TRUE(again);
    // `b` came back first, so `a` is the one used last.
    EXPECT_EQ(&**again, first);
  }
  EXPECT_EQ(made_, 2);
}

TEST_F(ClientPoolTest, RefusesWhenAllAreLentUntilTheDeadline) {
  ClientPool pool = Pool(1);
  std::optional<ClientPool::Lease> lease = *pool.Acquire(Soon());
  const auto refused = pool.Acquire(SteadyClock::now() + 1ms);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTimeout);
  lease.reset();
  EXPECT_TRUE(pool.Acquire(SteadyClock::now()));
}

TEST_F(ClientPoolTest, AMovedLeaseIsReturnedOnce) {
  ClientPool pool = Pool(1);
  {
    auto lease = pool.Acquire(Soon());
    ASSERT_TRUE(lease);
    const ClientPool::Lease moved = *std::move(lease);
    EXPECT_FALSE(pool.Acquire(SteadyClock::now()));
  }
  const auto one = pool.Acquire(SteadyClock::now());
  EXPECT_TRUE(one);
  EXPECT_FALSE(pool.Acquire(SteadyClock::now()));
}

TEST_F(ClientPoolTest, ManyThreadsNeverShareAClient) {
  ClientPool pool = Pool(3);
  std::atomic<int> in_use = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const auto lease = pool.Acquire(Soon());
        ASSERT_TRUE(lease);
        const int now = ++in_use;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        Pipeline pipeline;
        pipeline.Add(Route::kAnyNode, {"PING"});
        EXPECT_TRUE((*lease)->Execute(pipeline, GenerousLimits()));
        --in_use;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_LE(made_, 3);
  EXPECT_EQ(server_->exchanges(), 12u * 200u);
}

}  // namespace
}  // namespace bullmq_exporter
