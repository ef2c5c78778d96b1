#include "exporter/bullmq/job_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "exporter/bullmq/job_decoder.h"
#include "exporter/bullmq/queue_confirmation.h"
#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

// Queues of one pipeline: bounds what is held of replies, and how long Redis serves it in one go.
constexpr std::size_t kQueuesAtOnce = 500;

// Counts, of which ids at the ends of lists alone can be large.
constexpr std::size_t kMaxCountBytes = 4u << 20;
// Ids of a page, each of which is sent five times then; and names and times of its jobs, beside the
// payloads.
constexpr std::size_t kMaxIdBytes = 16u << 20;
constexpr std::size_t kMaxPlainBytes = 32u << 20;

tl::unexpected<ReadFailure> ServerFailure(Error error) {
  // What is too large is so because of the queue's own ids and names.
  const bool queue_only = error.code == ErrorCode::kTooLarge;
  return tl::make_unexpected(ReadFailure{std::move(error), queue_only});
}

tl::unexpected<ReadFailure> QueueFailure(Error error) {
  return tl::make_unexpected(ReadFailure{std::move(error), true});
}

// The first error that speaks of the whole server.
std::optional<Error> ServerErrorIn(const Replies& replies) {
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (IsServerError(replies[i])) return ErrorOf(replies[i]);
  }
  return std::nullopt;
}

Result<Replies> Ask(RedisClient& client, const Pipeline& pipeline, SteadyClock::time_point deadline,
                    std::size_t max_bytes) {
  auto replies = client.Execute(pipeline, {.deadline = deadline, .max_bytes = max_bytes});
  if (!replies) return Fail(std::move(replies.error()));
  if (auto error = ServerErrorIn(*replies)) return Fail(std::move(*error));
  return replies;
}

// Appends the counts of each queue, or why it cannot be read. What is too large together is asked
// in halves: one queue with an id of many megabytes must not take the others with it.
Result<void> CountJobs(RedisClient& client, std::span<const QueueId> queues,
                       SteadyClock::time_point deadline, std::vector<Result<JobCounts>>& counts) {
  Pipeline pipeline;
  std::vector<std::size_t> first;
  for (const QueueId& queue : queues) first.push_back(AddJobCounts(pipeline, queue));
  if (pipeline.empty()) pipeline.Add(Route::kAnyNode, {"PING"});
  const auto replies = Ask(client, pipeline, deadline, kMaxCountBytes);
  if (!replies && replies.error().code == ErrorCode::kTooLarge && queues.size() > 1) {
    const std::size_t half = queues.size() / 2;
    auto done = CountJobs(client, queues.first(half), deadline, counts);
    return done ? CountJobs(client, queues.subspan(half), deadline, counts) : done;
  }
  if (!replies && replies.error().code != ErrorCode::kTooLarge) return Fail(replies.error());
  for (const std::size_t index : first) {
    auto jobs = replies ? TakeJobCounts(*replies, index) : Fail(replies.error());
    counts.push_back(jobs.map([](const CountedJobs& counted) { return counted.counts; }));
  }
  return {};
}

// One page: its three exchanges share a client and a pipeline.
class PageReader {
 public:
  PageReader(RedisClient& client, const JobReader::Limits& limits, const QueueId& queue,
             const JobPageRequest& request, SteadyClock::time_point deadline)
      : client_(client), limits_(limits), queue_(queue), request_(request), deadline_(deadline) {}

  tl::expected<JobPage, ReadFailure> Read() {
    if (auto done = ReadIds(); !done) return tl::make_unexpected(std::move(done.error()));
    if (ids_.empty()) return std::move(page_);
    if (auto done = ReadSizes(); !done) return tl::make_unexpected(std::move(done.error()));
    if (auto done = ReadJobs(); !done) return tl::make_unexpected(std::move(done.error()));
    return std::move(page_);
  }

 private:
  using Done = tl::expected<void, ReadFailure>;

  // A job of the page that is still there.
  struct Sized {
    std::size_t id;                                            // in ids_
    std::array<PayloadField, kPayloadFields.size()> fields{};  // payloads that fit
    std::size_t field_count = 0;
    std::array<std::int64_t, kPayloadFields.size()> withheld{};

    [[nodiscard]] std::span<const PayloadField> read() const {
      return {fields.data(), field_count};
    }
  };

  // The list's right end is its oldest job, but a marker there is none: one more element is read,
  // and one of the two ends left out when the marker is known.
  void AskIds() {
    const std::string key = queue_keys::State(queue_, request_.state);
    const std::int64_t first = request_.offset;
    const std::int64_t last = request_.offset + request_.limit - 1;
    if (!queue_keys::IsList(request_.state)) {
      pipeline_.Add(Route::kKey, {request_.newest_first ? "ZREVRANGE" : "ZRANGE", key,
                                  std::to_string(first), std::to_string(last)});
    } else if (request_.newest_first) {
      pipeline_.Add(Route::kKey, {"LRANGE", key, std::to_string(first), std::to_string(last)});
    } else {
      pipeline_.Add(Route::kKey,
                    {"LRANGE", key, std::to_string(-last - 2), std::to_string(-first - 1)});
    }
  }

  Done ReadIds() {
    AddJobCounts(pipeline_, queue_);
    AskIds();
    const bool paused = request_.state == JobState::kPaused;
    if (paused) pipeline_.Add(Route::kKey, {"STRLEN", queue_keys::MetaPaused(queue_)});
    auto replies = Ask(client_, pipeline_, deadline_, kMaxIdBytes);
    if (!replies) return ServerFailure(std::move(replies.error()));
    auto counted = TakeJobCounts(*replies, 0);
    if (!counted) return QueueFailure(std::move(counted.error()));
    Reply& range = (*replies)[counted->next];
    if (range.is_error()) return QueueFailure(ErrorOf(range));
    page_.counts = counted->counts;
    TakeIds(std::move(range.elements), *counted);
    state_ = request_.state;
    // Only Bull has this flag, as a string, while the queue is paused.
    if (paused && (*replies)[counted->next + 1].integer == 0) state_ = JobState::kWaiting;
    return {};
  }

  void TakeIds(std::vector<Reply> elements, const CountedJobs& counted) {
    if (queue_keys::IsList(request_.state) && !request_.newest_first) {
      std::reverse(elements.begin(), elements.end());
      const bool marker = (request_.state == JobState::kWaiting && counted.waiting_marker) ||
                          (request_.state == JobState::kPaused && counted.paused_marker);
      if (marker && !elements.empty()) elements.erase(elements.begin());
      const auto limit = static_cast<std::size_t>(request_.limit);
      if (elements.size() > limit) elements.resize(limit);
    }
    for (Reply& element : elements) {
      if (queue_keys::IsList(request_.state) && queue_keys::IsMarker(element.text)) continue;
      ids_.push_back(std::move(element.text));
      keys_.push_back(queue_keys::Job(queue_, ids_.back()));
    }
  }

  Done ReadSizes() {
    pipeline_.Clear();
    for (const std::string& key : keys_) {
      for (const PayloadField field : kPayloadFields) {
        pipeline_.Add(Route::kKey, {"HSTRLEN", key, PayloadFieldName(field)});
      }
    }
    const auto replies = Ask(client_, pipeline_, deadline_, kMaxPlainBytes);
    if (!replies) return ServerFailure(replies.error());
    std::size_t room = limits_.max_page_bytes;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const Reply* sizes = &(*replies)[i * kPayloadFields.size()];
      if (sizes->is_error()) {
        const Error error = ErrorOf(*sizes);
        // A key of another type at the place of a job: there is no such job.
        if (error.code == ErrorCode::kWrongType) continue;
        return QueueFailure(error);
      }
      Sized& job = sized_.emplace_back(Sized{.id = i});
      for (const PayloadField field : kPayloadFields) {
        Fit(job, field, static_cast<std::size_t>(sizes[Index(field)].integer), room);
      }
    }
    return {};
  }

  void Fit(Sized& job, PayloadField field, std::size_t size, std::size_t& room) const {
    if (size > limits_.max_field_bytes || size > room) {
      job.withheld[Index(field)] = static_cast<std::int64_t>(size);
      return;
    }
    room -= size;
    job.fields[job.field_count++] = field;
  }

  Done ReadJobs() {
    pipeline_.Clear();
    std::vector<std::string_view> words;
    for (const Sized& job : sized_) {
      words.assign({"HMGET", keys_[job.id]});
      words.insert(words.end(), kPlainJobFields.begin(), kPlainJobFields.end());
      for (const PayloadField field : job.read()) words.push_back(PayloadFieldName(field));
      pipeline_.Add(Route::kKey, words);
    }
    if (pipeline_.empty()) return {};
    auto replies = Ask(client_, pipeline_, deadline_, limits_.max_page_bytes + kMaxPlainBytes);
    if (!replies) return ServerFailure(std::move(replies.error()));
    page_.jobs.reserve(sized_.size());
    for (std::size_t i = 0; i < sized_.size(); ++i) {
      Reply& reply = (*replies)[i];
      if (reply.is_error()) {
        Error error = ErrorOf(reply);
        if (error.code == ErrorCode::kWrongType) continue;
        return QueueFailure(std::move(error));
      }
      TakeJob(sized_[i], reply);
    }
    return {};
  }

  void TakeJob(const Sized& sized, Reply& reply) {
    if (reply.elements.size() != kPlainJobFields.size() + sized.field_count) return;
    auto job = DecodeJob(reply.elements, sized.read());
    if (!job) return;  // it vanished meanwhile
    job->id = std::move(ids_[sized.id]);
    job->state = state_;
    for (const PayloadField field : kPayloadFields) {
      job->payload(field).withheld_bytes = sized.withheld[Index(field)];
    }
    page_.jobs.push_back(std::move(*job));
  }

  RedisClient& client_;
  const JobReader::Limits& limits_;
  const QueueId& queue_;
  const JobPageRequest& request_;
  const SteadyClock::time_point deadline_;
  Pipeline pipeline_;
  JobState state_ = JobState::kWaiting;
  std::vector<std::string> ids_;
  std::vector<std::string> keys_;
  std::vector<Sized> sized_;
  JobPage page_;
};

}  // namespace

Result<std::vector<bool>> JobReader::Confirm(std::span<const QueueId> queues,
                                             SteadyClock::time_point deadline) const {
  auto client = pool_.Acquire(deadline);
  if (!client) return Fail(std::move(client.error()));
  Pipeline pipeline;
  std::vector<std::size_t> first;
  first.reserve(queues.size());
  for (const QueueId& queue : queues) first.push_back(AddQueueConfirmation(pipeline, queue));
  const auto replies = Ask(**client, pipeline, deadline, kMaxPlainBytes);
  if (!replies) return Fail(replies.error());
  std::vector<bool> confirmed;
  confirmed.reserve(queues.size());
  for (const std::size_t index : first) confirmed.push_back(IsConfirmedQueue(*replies, index));
  return confirmed;
}

Result<std::vector<Result<JobCounts>>> JobReader::ReadCounts(
    std::span<const QueueId> queues, SteadyClock::time_point deadline) const {
  auto client = pool_.Acquire(deadline);
  if (!client) return Fail(std::move(client.error()));
  std::vector<Result<JobCounts>> counts;
  counts.reserve(queues.size());
  do {
    const auto chunk = queues.first(std::min(queues.size(), kQueuesAtOnce));
    queues = queues.subspan(chunk.size());
    if (auto done = CountJobs(**client, chunk, deadline, counts); !done) return Fail(done.error());
  } while (!queues.empty());
  return counts;
}

tl::expected<JobPage, ReadFailure> JobReader::ReadPage(const QueueId& queue,
                                                       const JobPageRequest& request,
                                                       SteadyClock::time_point deadline) const {
  auto client = pool_.Acquire(deadline);
  if (!client) return ServerFailure(std::move(client.error()));
  return PageReader(**client, limits_, queue, request, deadline).Read();
}

}  // namespace bullmq_exporter
