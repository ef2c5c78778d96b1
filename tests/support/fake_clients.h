#pragma once

#include <memory>
#include <utility>

#include "exporter/redis/client_pool.h"
#include "tests/support/fake_redis.h"

namespace bullmq_exporter {

// Makes clients of one fake server, for a ClientPool.
inline ClientPool::Factory FakeClients(std::shared_ptr<FakeRedisServer> server) {
  return [server = std::move(server)] { return std::make_unique<FakeRedis>(server); };
}

}  // namespace bullmq_exporter
