#include "exporter/bullmq/failed_reader.h"

#include <utility>

#include "exporter/bullmq/queue_keys.h"
#include "exporter/bullmq/score.h"

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kMaxNameBytes = 4096;
constexpr std::int64_t kBatchBytes = 4
                                     << 20;  // a quarter of what an exchange of a poll may receive

std::string FailedKey(const QueueId& queue) { return queue_keys::State(queue, JobState::kFailed); }

class FailedChunkReader {
 public:
  FailedChunkReader(const ReadContext& context, std::span<FailedToRead> queues,
                    std::size_t most_ids, std::size_t& room, const KnownFailure& known)
      : context_(context), queues_(queues), most_ids_(most_ids), room_(room), known_(known) {}

  Result<void> Read() {
    if (auto done = ReadRanges(); !done) return done;
    if (auto done = ReadSizes(); !done) return done;
    return ReadTexts();
  }

 private:
  Result<void> ReadRanges() {
    const std::string limit = std::to_string(most_ids_);
    for (const FailedToRead& queue : queues_) {
      const std::string key = FailedKey(*queue.id);
      if (!queue.none) {
        pipeline_.Add(Route::kKey, {"ZRANGE", key, "+inf", std::to_string(queue.from_ms), "BYSCORE",
                                    "REV", "LIMIT", "0", limit, "WITHSCORES"});
      }
      if (queue.want_last_failure) {
        pipeline_.Add(Route::kKey, {"ZREVRANGE", key, "0", "0", "WITHSCORES"});
      }
    }
    if (pipeline_.empty()) return {};
    auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading failures"));
    std::size_t next = 0;
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      if (!queues_[q].none) TakeRange(q, (*replies)[next++]);
      if (!queues_[q].want_last_failure) continue;
      const Reply& last = (*replies)[next++];
      if (last.elements.size() == 2) {
        queues_[q].last_failure_ms = MsOfScore(last.elements[1].text);
      }
    }
    return {};
  }

  void TakeRange(std::size_t q, Reply& range) {
    FailedToRead& queue = queues_[q];
    queue.readable = !range.is_error();
    queue.none = queue.readable && range.elements.empty();
    queue.complete = range.elements.size() / 2 < most_ids_;
    for (std::size_t i = 0; i + 1 < range.elements.size(); i += 2) {
      const auto score = MsOfScore(range.elements[i + 1].text);
      if (!score || known_(q, range.elements[i].text, *score)) continue;
      if (queue.jobs.size() == queue.most_jobs || room_ == 0) {
        queue.complete = false;
        return;
      }
      --room_;
      FailedJob& job = queue.jobs.emplace_back();
      job.id = std::move(range.elements[i].text);
      job.finished_on_ms = *score;
    }
  }

  Result<void> ReadSizes() {
    pipeline_.Clear();
    for (const FailedToRead& queue : queues_) {
      for (const FailedJob& job : queue.jobs) {
        const std::string key = queue_keys::Job(*queue.id, job.id);
        pipeline_.Add(Route::kKey, {"HSTRLEN", key, "name"});
        pipeline_.Add(Route::kKey, {"HSTRLEN", key, "failedReason"});
      }
    }
    if (pipeline_.empty()) return {};
    auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading sizes of failures"));
    sizes_ = std::move(*replies);
    return {};
  }

  // In batches: thousands of reasons are more than an exchange may receive.
  Result<void> ReadTexts() {
    pipeline_.Clear();
    std::size_t next = 0;
    for (FailedToRead& queue : queues_) {
      for (FailedJob& job : queue.jobs) {
        const std::int64_t name = sizes_[next++].AsInteger().value_or(0);
        const std::int64_t reason = sizes_[next++].AsInteger().value_or(0);
        const std::string key = queue_keys::Job(*queue.id, job.id);
        if (name > 0 && name <= kMaxNameBytes) AskText(key, "name", name, job.name);
        if (reason > kMaxReasonBytes) {
          job.failed_reason = kReasonTooLarge;
        } else if (reason > 0) {
          AskText(key, "failedReason", reason, job.failed_reason);
        }
        if (text_bytes_ < kBatchBytes) continue;
        if (auto done = TakeTexts(); !done) return done;
      }
    }
    return TakeTexts();
  }

  void AskText(const std::string& key, std::string_view field, std::int64_t bytes,
               std::string& into) {
    pipeline_.Add(Route::kKey, {"HGET", key, field});
    texts_.push_back(&into);
    text_bytes_ += bytes;
  }

  Result<void> TakeTexts() {
    if (texts_.empty()) return {};
    auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading reasons of failures"));
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if ((*replies)[i].is_string()) *texts_[i] = std::move((*replies)[i].text);
    }
    pipeline_.Clear();
    texts_.clear();
    text_bytes_ = 0;
    return {};
  }

  const ReadContext& context_;
  std::span<FailedToRead> queues_;
  const std::size_t most_ids_;
  std::size_t& room_;
  const KnownFailure& known_;
  Pipeline pipeline_;
  Replies sizes_;
  std::vector<std::string*> texts_;  // where the replies of the running batch go
  std::int64_t text_bytes_ = 0;      // of that batch
};

}  // namespace

Result<void> ReadFailed(const ReadContext& context, std::span<FailedToRead> queues,
                        std::size_t most_ids, std::size_t& room, const KnownFailure& known) {
  if (queues.empty()) return {};
  return FailedChunkReader(context, queues, most_ids, room, known).Read();
}

Result<void> CountFailed(const ReadContext& context, std::span<FailedToCount> queues) {
  if (queues.empty()) return {};
  Pipeline pipeline;
  for (const FailedToCount& queue : queues) {
    pipeline.Add(Route::kKey, {"ZCOUNT", FailedKey(*queue.id), std::to_string(queue.begin_ms),
                               "(" + std::to_string(queue.end_ms)});
  }
  const auto replies = context.client.Execute(pipeline, context.limits);
  if (!replies) return Fail(replies.error().In("counting failures"));
  for (std::size_t q = 0; q < queues.size(); ++q) queues[q].count = (*replies)[q].AsInteger();
  return {};
}

}  // namespace bullmq_exporter
