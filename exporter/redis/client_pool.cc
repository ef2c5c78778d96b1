#include "exporter/redis/client_pool.h"

#include <utility>

namespace bullmq_exporter {

ClientPool::Lease::~Lease() {
  if (client_) pool_.Return(std::move(client_));
}

ClientPool::ClientPool(std::size_t size, Factory factory)
    : size_(size), factory_(std::move(factory)) {
  idle_.reserve(size);
}

ClientPool::~ClientPool() = default;

Result<ClientPool::Lease> ClientPool::Acquire(SteadyClock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!returned_.wait_until(lock, deadline, [&] { return lent_ < size_; })) {
    return Fail(ErrorCode::kTimeout, "every connection for requests is in use");
  }
  ++lent_;
  if (idle_.empty()) {
    lock.unlock();
    return Lease(*this, factory_());
  }
  std::unique_ptr<RedisClient> client = std::move(idle_.back());
  idle_.pop_back();
  return Lease(*this, std::move(client));
}

void ClientPool::Return(std::unique_ptr<RedisClient> client) {
  const std::lock_guard lock(mutex_);
  --lent_;
  idle_.push_back(std::move(client));
  // Under the lock: the pool may be destroyed as soon as the last lease has ended.
  returned_.notify_one();
}

}  // namespace bullmq_exporter
