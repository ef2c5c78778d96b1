#include "exporter/instruments/redis_usage.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "exporter/base/label_value.h"

namespace bullmq_exporter {
namespace {

prometheus::Labels LabelsOf(std::string_view target, RedisPurpose purpose) {
  return {{"redis", LabelText(target)}, {"purpose", std::string(RedisPurposeName(purpose))}};
}

}  // namespace

std::string_view RedisPurposeName(RedisPurpose purpose) {
  switch (purpose) {
    case RedisPurpose::kPoll: return "poll";
    case RedisPurpose::kDiscovery: return "discovery";
    case RedisPurpose::kApi: return "api";
  }
  return "poll";
}

RedisUsage::RedisUsage(prometheus::Registry& registry, std::string_view target,
                       RedisPurpose purpose)
    : commands_(prometheus::BuildCounter()
                    .Name("bullmq_exporter_redis_commands_total")
                    .Help("Commands that the exporter has sent to Redis since it started, by what "
                          "they were for. What a server that bills requests counts.")
                    .Register(registry)
                    .Add(LabelsOf(target, purpose))),
      sent_bytes_(prometheus::BuildCounter()
                      .Name("bullmq_exporter_redis_sent_bytes_total")
                      .Help("Bytes of commands that the exporter has sent to Redis since it "
                            "started, before TLS.")
                      .Register(registry)
                      .Add(LabelsOf(target, purpose))),
      received_bytes_(prometheus::BuildCounter()
                          .Name("bullmq_exporter_redis_received_bytes_total")
                          .Help("Bytes of replies that the exporter has received from Redis since "
                                "it started, after TLS.")
                          .Register(registry)
                          .Add(LabelsOf(target, purpose))),
      connections_(prometheus::BuildGauge()
                       .Name("bullmq_exporter_redis_connections")
                       .Help("Connections to Redis that the exporter holds open now.")
                       .Register(registry)
                       .Add(LabelsOf(target, purpose))) {}

void RedisUsage::CountCommands(std::size_t commands) {
  commands_.Increment(static_cast<double>(commands));
}
void RedisUsage::CountSent(std::size_t bytes) { sent_bytes_.Increment(static_cast<double>(bytes)); }
void RedisUsage::CountReceived(std::size_t bytes) {
  received_bytes_.Increment(static_cast<double>(bytes));
}
void RedisUsage::ConnectionOpened() { connections_.Increment(); }
void RedisUsage::ConnectionClosed() { connections_.Decrement(); }

}  // namespace bullmq_exporter
