#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "tests/bench/recording_client.h"

struct redisContext;  // NOLINT(readability-identifier-naming): the name that hiredis gave it

namespace bullmq_exporter {

// hiredis as a program that wants the least would use it: whole pipelines on a blocking connection,
// replies thrown away. What a poll is compared with. A failure ends the program.
class BareRedis {
 public:
  // Connects to 127.0.0.1.
  explicit BareRedis(std::uint16_t port);

  // Sends each pipeline and reads its replies, in order.
  void Replay(std::span<const Exchange> exchanges);

  // What the server has spent so far, in ms: used_cpu_user and used_cpu_sys of INFO.
  [[nodiscard]] double ServerCpuMs();

 private:
  struct FreeContext {
    void operator()(redisContext* context) const;
  };
  std::unique_ptr<redisContext, FreeContext> context_;
};

}  // namespace bullmq_exporter
