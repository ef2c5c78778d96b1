#include "exporter/bullmq/failed_reader.h"

#include <algorithm>
#include <charconv>

#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kMaxNameBytes = 4096;

std::int64_t Score(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return static_cast<std::int64_t>(value);
}

std::string FailedKey(const FailedToRead& queue) {
  return queue_keys::State(*queue.id, JobState::kFailed);
}

// Ids and scores of a range with scores; `newest_first` as ZREVRANGE answers.
void TakeRange(FailedToRead& queue, Reply& range, bool newest_first) {
  queue.jobs.clear();
  for (std::size_t i = 0; i + 1 < range.elements.size(); i += 2) {
    const std::int64_t score = Score(range.elements[i + 1].text);
    if (score < queue.from_ms) continue;
    if (queue.known(range.elements[i].text, score)) continue;
    FailedJob& job = queue.jobs.emplace_back();
    job.id = std::move(range.elements[i].text);
    job.finished_on_ms = score;
  }
  if (newest_first) std::reverse(queue.jobs.begin(), queue.jobs.end());
}

class FailedChunkReader {
 public:
  FailedChunkReader(const ReadContext& context, std::span<FailedToRead> queues,
                    std::size_t most_jobs)
      : context_(context), queues_(queues), most_jobs_(most_jobs) {}

  Result<void> Read() {
    if (auto done = ReadRanges(); !done) return done;
    if (auto done = SampleFullRanges(); !done) return done;
    if (auto done = ReadSizes(); !done) return done;
    return ReadTexts();
  }

 private:
  Result<void> ReadRanges() {
    // One more than is wanted tells whether there are more.
    const std::string limit = std::to_string(most_jobs_ + 1);
    for (const FailedToRead& queue : queues_) {
      pipeline_.Add(Route::kKey, {"ZRANGEBYSCORE", FailedKey(queue), std::to_string(queue.from_ms),
                                  "+inf", "WITHSCORES", "LIMIT", "0", limit});
    }
    auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading failures"));
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      Reply& range = (*replies)[q];
      queues_[q].readable = !range.is_error();
      if (range.elements.size() / 2 > most_jobs_) {
        full_.push_back(q);
      } else {
        TakeRange(queues_[q], range, false);
      }
    }
    return {};
  }

  // The range by score gives the oldest; of a set with too many the newest tell more.
  Result<void> SampleFullRanges() {
    if (full_.empty()) return {};
    pipeline_.Clear();
    for (const std::size_t q : full_) {
      pipeline_.Add(Route::kKey, {"ZREVRANGE", FailedKey(queues_[q]), "0",
                                  std::to_string(most_jobs_ - 1), "WITHSCORES"});
      pipeline_.Add(Route::kKey,
                    {"ZCOUNT", FailedKey(queues_[q]), std::to_string(queues_[q].from_ms), "+inf"});
    }
    auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("sampling failures"));
    for (std::size_t i = 0; i < full_.size(); ++i) {
      FailedToRead& queue = queues_[full_[i]];
      const std::int64_t all = (*replies)[2 * i + 1].AsInteger().value_or(0);
      TakeRange(queue, (*replies)[2 * i], true);
      queue.skipped = std::max<std::int64_t>(0, all - static_cast<std::int64_t>(most_jobs_));
    }
    return {};
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

  Result<void> ReadTexts() {
    pipeline_.Clear();
    std::vector<FailedJob*> read;
    std::size_t next = 0;
    for (FailedToRead& queue : queues_) {
      for (FailedJob& job : queue.jobs) {
        const std::int64_t name = sizes_[next++].AsInteger().value_or(0);
        const std::int64_t reason = sizes_[next++].AsInteger().value_or(0);
        job.gone = name == 0 && reason == 0;
        job.reason_too_large = reason > kMaxReasonBytes;
        if (job.gone || name > kMaxNameBytes) continue;
        const std::string key = queue_keys::Job(*queue.id, job.id);
        pipeline_.Add(Route::kKey,
                      {"HMGET", key, "name", job.reason_too_large ? "name" : "failedReason"});
        read.push_back(&job);
      }
    }
    if (read.empty()) return {};
    auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading reasons of failures"));
    for (std::size_t i = 0; i < read.size(); ++i) {
      std::vector<Reply>& fields = (*replies)[i].elements;
      if (fields.size() != 2) continue;
      read[i]->name = std::move(fields[0].text);
      if (!read[i]->reason_too_large) read[i]->failed_reason = std::move(fields[1].text);
    }
    return {};
  }

  const ReadContext& context_;
  std::span<FailedToRead> queues_;
  std::size_t most_jobs_;
  Pipeline pipeline_;
  std::vector<std::size_t> full_;
  Replies sizes_;
};

}  // namespace

Result<void> ReadFailed(const ReadContext& context, std::span<FailedToRead> queues,
                        std::size_t most_jobs) {
  if (queues.empty()) return {};
  return FailedChunkReader(context, queues, most_jobs).Read();
}

}  // namespace bullmq_exporter
