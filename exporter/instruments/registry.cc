#include "exporter/instruments/registry.h"

#include <prometheus/registry.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace bullmq_exporter {

struct Instruments::State {
  prometheus::Registry registry;
  std::mutex mutex;
  std::map<std::pair<std::string, RedisPurpose>, RedisUsage> redis;
  std::map<std::string, PollInstruments> poll;
  std::map<std::string, HttpInstruments> http;
};

Instruments::Instruments() : state_(std::make_unique<State>()) {}
Instruments::~Instruments() = default;

RedisUsage& Instruments::Redis(std::string_view target, RedisPurpose purpose) {
  const std::scoped_lock lock(state_->mutex);
  return state_->redis
      .try_emplace(std::pair(std::string(target), purpose), state_->registry, target, purpose)
      .first->second;
}

PollInstruments& Instruments::Poll(std::string_view target) {
  const std::scoped_lock lock(state_->mutex);
  return state_->poll.try_emplace(std::string(target), state_->registry, target).first->second;
}

HttpInstruments& Instruments::Http(std::string_view listener) {
  const std::scoped_lock lock(state_->mutex);
  return state_->http.try_emplace(std::string(listener), state_->registry, listener).first->second;
}

const prometheus::Registry& Instruments::registry() const { return state_->registry; }

}  // namespace bullmq_exporter
