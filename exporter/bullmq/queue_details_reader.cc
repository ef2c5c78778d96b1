#include "exporter/bullmq/queue_details_reader.h"

#include <utility>
#include <vector>

#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

// Queue.rateLimit() sets the limiter to this, so that every worker finds it exhausted.
constexpr std::int64_t kManualRateLimit = 9007199254740991;

// Of one reply; numbers, and a version that is a label.
constexpr std::size_t kMostBytes = 64u << 10;

// The replies of one queue, in the order in which they are asked for.
enum Answer : std::size_t {
  kMeta,
  kMetaPaused,
  kLimiter,
  kLimiterTtl,
  kId,
  kMetricsCompleted,
  kMetricsFailed,
  kRepeat,
  kExists,
  kAnswers
};

void Ask(Pipeline& pipeline, const QueueId& id) {
  const std::string meta = queue_keys::Meta(id);
  const std::string limiter = queue_keys::Limiter(id);
  const std::string job_id = queue_keys::Id(id);
  const std::string repeat = queue_keys::Repeat(id);
  pipeline.Add(Route::kKey, {"HMGET", meta, "version", "paused", "concurrency", "max"});
  pipeline.Add(Route::kKey, {"EXISTS", queue_keys::MetaPaused(id)});
  pipeline.Add(Route::kKey, {"GET", limiter});
  pipeline.Add(Route::kKey, {"PTTL", limiter});
  pipeline.Add(Route::kKey, {"GET", job_id});
  pipeline.Add(Route::kKey, {"HGET", queue_keys::MetricsCompleted(id), "count"});
  pipeline.Add(Route::kKey, {"HGET", queue_keys::MetricsFailed(id), "count"});
  pipeline.Add(Route::kKey, {"ZCARD", repeat});
  pipeline.Add(Route::kKey, {"EXISTS", meta, job_id, queue_keys::Events(id), repeat});
}

// A worker's own `max` stands nowhere in Redis, so a limiter without `meta.max` tells nothing.
std::optional<bool> RateLimited(const Reply& limiter, const Reply& ttl,
                                std::optional<std::int64_t> max, bool meta_readable) {
  if (limiter.is_error() || ttl.is_error()) return std::nullopt;
  if (limiter.is_nil() || ttl.AsInteger().value_or(0) <= 0) return false;
  const auto used = limiter.AsInteger();
  if (!used) return std::nullopt;
  if (*used == kManualRateLimit) return true;
  if (!meta_readable || !max) return std::nullopt;
  return *used >= *max;
}

QueueDetails Decode(const Replies& replies, std::size_t first) {
  const auto answer = [&](Answer which) -> const Reply& { return replies[first + which]; };
  QueueDetails details;
  details.exists = answer(kExists).AsInteger().value_or(1) > 0;
  std::optional<std::int64_t> max;
  const Reply& meta = answer(kMeta);
  const bool meta_readable = meta.elements.size() == 4;
  if (meta_readable) {
    details.version = meta.elements[0].text;
    details.paused = !meta.elements[1].is_nil() || answer(kMetaPaused).AsInteger().value_or(0) > 0;
    details.concurrency_limit = meta.elements[2].AsInteger();
    max = meta.elements[3].AsInteger();
  }
  details.rate_limited = RateLimited(answer(kLimiter), answer(kLimiterTtl), max, meta_readable);
  details.job_ids = answer(kId).AsInteger();
  details.finished_completed = answer(kMetricsCompleted).AsInteger();
  details.finished_failed = answer(kMetricsFailed).AsInteger();
  details.schedulers = answer(kRepeat).AsInteger();
  return details;
}

}  // namespace

Result<void> ReadQueueDetails(const ReadContext& context,
                              std::span<const QueueDetailsToRead> queues) {
  if (queues.empty()) return {};
  Pipeline pipeline;
  for (const QueueDetailsToRead& queue : queues) Ask(pipeline, *queue.id);
  const auto replies = context.client.Execute(pipeline, context.limits);
  if (!replies) return Fail(replies.error().In("reading settings of queues"));
  for (std::size_t q = 0; q < queues.size(); ++q) {
    *queues[q].details = Decode(*replies, q * kAnswers);
  }
  return {};
}

Result<void> ReadLargeQueueDetails(const ReadContext& context, const QueueDetailsToRead& queue) {
  Pipeline pipeline;
  Ask(pipeline, *queue.id);
  ExchangeLimits limits = context.limits;
  limits.max_bytes = kMostBytes;
  std::vector<Reply> answers(pipeline.size());
  for (std::size_t i = 0; i < pipeline.size(); ++i) {
    Pipeline one;
    one.Add(pipeline.route(i), pipeline.Args(i));
    auto replies = context.client.Execute(one, limits);
    if (replies) {
      answers[i] = std::move((*replies)[0]);
    } else if (replies.error().code == ErrorCode::kTooLarge) {
      answers[i].type = Reply::Type::kError;
    } else {
      return Fail(replies.error().In("reading settings of a queue"));
    }
  }
  *queue.details = Decode(Replies(std::move(answers)), 0);
  return {};
}

}  // namespace bullmq_exporter
