#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/redis/redis_client.h"

namespace bullmq_exporter {

// A bounded number of clients of one Redis for threads that need one now and then. Clients are made
// when all that there are are lent, up to the bound, and keep their connections when they come
// back; the one that came back last is lent first. Thread-safe.
class ClientPool {
 public:
  using Factory = std::function<std::unique_ptr<RedisClient>()>;

  // A client that is lent to one thread until this goes out of scope.
  class Lease {
   public:
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    [[nodiscard]] RedisClient& operator*() const { return *client_; }
    [[nodiscard]] RedisClient* operator->() const { return client_.get(); }

   private:
    friend class ClientPool;
    Lease(ClientPool& pool, std::unique_ptr<RedisClient> client)
        : pool_(pool), client_(std::move(client)) {}

    ClientPool& pool_;
    std::unique_ptr<RedisClient> client_;
  };

  // `factory` is called under no lock, by any thread; it does not connect. `size` is at least 1.
  ClientPool(std::size_t size, Factory factory);
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;
  // Every lease must have ended.
  ~ClientPool();

  // Waits for a client until `deadline`. Fails with kTimeout.
  [[nodiscard]] Result<Lease> Acquire(SteadyClock::time_point deadline);

 private:
  void Return(std::unique_ptr<RedisClient> client);

  const std::size_t size_;
  const Factory factory_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::size_t lent_ = 0;
  std::vector<std::unique_ptr<RedisClient>> idle_;
};

}  // namespace bullmq_exporter
