#include "tests/bench/bare_redis.h"

#include <hiredis/hiredis.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace bullmq_exporter {
namespace {

[[noreturn]] void Die(const char* what, const redisContext* context) {
  std::fprintf(stderr, "%s: %s\n", what, context != nullptr ? context->errstr : "no memory");
  std::exit(1);
}

double Field(std::string_view info, std::string_view name) {
  const std::size_t at = info.find(std::string(name) + ":");
  if (at == std::string_view::npos) return 0;
  return std::strtod(info.data() + at + name.size() + 1, nullptr);
}

}  // namespace

void BareRedis::FreeContext::operator()(redisContext* context) const { redisFree(context); }

BareRedis::BareRedis(std::uint16_t port) : context_(redisConnect("127.0.0.1", port)) {
  if (!context_ || context_->err != 0) Die("cannot connect", context_.get());
}

void BareRedis::Replay(std::span<const Exchange> exchanges) {
  for (const Exchange& exchange : exchanges) {
    redisAppendFormattedCommand(context_.get(), exchange.bytes.data(), exchange.bytes.size());
    for (int done = 0; done == 0;) {
      if (redisBufferWrite(context_.get(), &done) != REDIS_OK) Die("cannot send", context_.get());
    }
    for (std::size_t i = 0; i < exchange.commands; ++i) {
      void* reply = nullptr;
      if (redisGetReply(context_.get(), &reply) != REDIS_OK) Die("no reply", context_.get());
      freeReplyObject(reply);
    }
  }
}

double BareRedis::ServerCpuMs() {
  auto* reply = static_cast<redisReply*>(redisCommand(context_.get(), "INFO cpu"));
  if (reply == nullptr) Die("INFO cpu", context_.get());
  const std::string info(reply->str, reply->len);
  freeReplyObject(reply);
  return 1e3 * (Field(info, "used_cpu_user") + Field(info, "used_cpu_sys"));
}

}  // namespace bullmq_exporter
