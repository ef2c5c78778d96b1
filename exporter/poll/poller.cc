#include "exporter/poll/poller.h"

#include <algorithm>
#include <utility>

#include "exporter/poll/details_poller.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kChunk = 500;  // queues a pipeline: bounds the replies held at a time
// A chunk's replies are some 100 kB; a single id of many megabytes must not be read with the rest.
constexpr std::size_t kMaxExchangeBytes = 16u << 20;

bool IsEmpty(const QueueSnapshot& queue) {
  return std::all_of(queue.jobs.begin(), queue.jobs.end(), [](std::int64_t n) { return n == 0; });
}

std::string Joined(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ",") + word;
  return joined;
}

}  // namespace

Poller::Poller(PollerSettings settings, const QueueFilter& filter, QueueSet& queues,
               Discovery& discovery, PollInstruments& instruments, const Logger& logger)
    : settings_(std::move(settings)),
      filter_(filter),
      queues_(queues),
      discovery_(discovery),
      instruments_(instruments),
      logger_(logger),
      server_(settings_.target, filter, discovery, logger),
      failures_(settings_.failures, settings_.names_per_queue) {}

ExchangeLimits Poller::LimitsFromNow() const {
  ExchangeLimits limits;
  limits.deadline = SteadyClock::now() + settings_.poll.timeout;
  limits.max_bytes = kMaxExchangeBytes;
  return limits;
}

Result<void> Poller::ReadServer(RedisClient& client) {
  return server_.Read(client, LimitsFromNow());
}

void Poller::SyncRecords() {
  if (queues_version_ == queues_.version()) return;
  std::unordered_map<QueueId, std::unique_ptr<QueueRecord>, QueueIdHash> old;
  old.swap(records_);
  ordered_.clear();
  for (const QueueId& id : queues_.queues()) {
    auto node = old.extract(id);
    if (node.empty()) {
      auto record = std::make_unique<QueueRecord>();
      record->id = id;
      ordered_.push_back(records_.emplace(id, std::move(record)).first->second.get());
    } else {
      ordered_.push_back(node.mapped().get());
      records_.insert(std::move(node));
    }
  }
  for (const auto& [id, record] : old) failures_.Forget(id);
  queues_version_ = queues_.version();
}

std::shared_ptr<const Snapshot> Poller::Poll(RedisClient& client) {
  const auto began = SteadyClock::now();
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->target = settings_.target;
  const ExchangeLimits limits = LimitsFromNow();
  auto done = server_.Read(client, limits);
  SyncRecords();
  if (done) {
    const ReadContext context{client, limits, server_.now_ms(), server_.tells_time()};
    done = ReadAll(context, *snapshot);
  }
  if (done) {
    last_success_seconds_ = static_cast<double>(NowMs()) / 1000;
  } else {
    instruments_.CountError(done.error().code);
    snapshot->error = done.error();
    snapshot->queues.clear();
    for (const QueueRecord* record : ordered_) snapshot->queues.emplace_back().id = record->id;
  }
  snapshot->up = done.has_value();
  if (snapshot->up) snapshot->servers = server_.servers();
  snapshot->queues_ignored = discovery_.ignored();
  snapshot->capped = failures_.capped();
  snapshot->capped.queues = discovery_.capped();
  snapshot->workers_supported = server_.workers_supported();
  snapshot->server_info_supported = server_.info_supported();
  snapshot->discovery_seconds = discovery_.last_pass_seconds();
  snapshot->last_success_seconds = last_success_seconds_;
  instruments_.ObservePoll(std::chrono::duration<double>(SteadyClock::now() - began).count());
  NoteTarget(*snapshot, client.Address());
  return snapshot;
}

Result<void> Poller::ReadAll(const ReadContext& context, Snapshot& snapshot) {
  forbidden_queues_ = 0;
  failures_.BeginPoll(context.server_now_ms);
  snapshot.queues.resize(ordered_.size());
  for (std::size_t i = 0; i < ordered_.size(); ++i) snapshot.queues[i].id = ordered_[i]->id;
  for (std::size_t begin = 0; begin < ordered_.size(); begin += kChunk) {
    const std::size_t size = std::min(kChunk, ordered_.size() - begin);
    const std::span records(&ordered_[begin], size);
    const std::span snapshots(&snapshot.queues[begin], size);
    if (auto done = ReadChunk(context, records, snapshots); !done) return done;
  }
  // Not one queue may be read: that is the target's fault, not theirs.
  if (forbidden_queues_ > 0 && forbidden_queues_ == snapshot.queues.size()) {
    return Fail(*forbidden_error_);
  }
  return {};
}

// One queue whose replies are larger than an exchange may be must not take the others with it: the
// chunk is halved until it stands alone, and from then on it is read alone, and what can be read of
// it is.
Result<void> Poller::ReadChunk(const ReadContext& context, std::span<QueueRecord*> records,
                               std::span<QueueSnapshot> snapshots) {
  if (records.empty()) return {};
  const auto large = std::find_if(records.begin(), records.end(), [](const QueueRecord* record) {
    return record->known.too_large;
  });
  if (records.size() > 1 && large != records.end()) {
    const auto at = static_cast<std::size_t>(large - records.begin());
    for (const auto& [from, size] : {std::pair{std::size_t{0}, at}, std::pair{at, std::size_t{1}},
                                     std::pair{at + 1, records.size() - at - 1}}) {
      auto done = ReadChunk(context, records.subspan(from, size), snapshots.subspan(from, size));
      if (!done) return done;
    }
    return {};
  }
  auto done = TryChunk(context, records, snapshots);
  if (done || done.error().code != ErrorCode::kTooLarge) return done;
  if (records.size() > 1) {
    const std::size_t half = records.size() / 2;
    if (auto first = ReadChunk(context, records.first(half), snapshots.first(half)); !first) {
      return first;
    }
    return ReadChunk(context, records.subspan(half), snapshots.subspan(half));
  }
  if (!records[0]->known.too_large) {
    records[0]->known.too_large = true;
    logger_.Warn("queue holds more than can be read: what is too large is left out",
                 {{"redis", settings_.target},
                  {"prefix", records[0]->id.prefix},
                  {"queue", records[0]->id.name},
                  {"error", done.error().message}});
    return ReadChunk(context, records, snapshots);
  }
  QueueSnapshot& snapshot = snapshots[0];
  snapshot = QueueSnapshot{};
  snapshot.id = records[0]->id;
  NoteQueueError(*records[0], done.error());
  return {};
}

Result<void> Poller::TryChunk(const ReadContext& context, std::span<QueueRecord*> records,
                              std::span<QueueSnapshot> snapshots) {
  std::vector<QueueToRead> queues;
  queues.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    snapshots[i] = QueueSnapshot{};
    snapshots[i].id = records[i]->id;
    queues.push_back({&snapshots[i], &records[i]->known, std::nullopt});
  }
  if (auto done = ReadQueues(context, queues); !done) return done;
  if (auto done = PollDetails(context, records, settings_.poll.slow_interval); !done) return done;
  if (auto done = failures_.Read(context, records, snapshots); !done) {
    if (!records[0]->known.LeavesOut(done.error())) return done;
    snapshots[0].failures_readable = false;
  }
  // Noted last, since a chunk that is too large is tried again in halves.
  for (std::size_t i = 0; i < records.size(); ++i) {
    NoteQueueError(*records[i], queues[i].error);
    if (!snapshots[i].up) continue;
    NoteGone(*records[i], snapshots[i]);
    Complete(*records[i], snapshots[i]);
  }
  return {};
}

void Poller::NoteQueueError(QueueRecord& record, const std::optional<Error>& error) {
  if (error) {
    instruments_.CountError(error->code);
    if (error->code == ErrorCode::kNoPermission) {
      ++forbidden_queues_;
      forbidden_error_ = error;
    }
    if (!record.unreadable) {
      logger_.Warn("queue cannot be read", {{"redis", settings_.target},
                                            {"prefix", record.id.prefix},
                                            {"queue", record.id.name},
                                            {"error", error->message}});
    }
  } else if (record.unreadable) {
    logger_.Info(
        "queue can be read again",
        {{"redis", settings_.target}, {"prefix", record.id.prefix}, {"queue", record.id.name}});
  }
  record.unreadable = error.has_value();
}

void Poller::NoteGone(QueueRecord& record, const QueueSnapshot& snapshot) {
  if (record.details.exists || !IsEmpty(snapshot)) {
    record.gone_since.reset();
    return;
  }
  const auto now = SteadyClock::now();
  if (!record.gone_since) record.gone_since = now;
  if (now - *record.gone_since >= settings_.forget_after) queues_.Remove(record.id);
}

void Poller::Complete(const QueueRecord& record, QueueSnapshot& snapshot) const {
  snapshot.paused = record.details.paused;
  snapshot.concurrency_limit = record.details.concurrency_limit;
  snapshot.rate_limited = record.details.rate_limited;
  snapshot.version = record.details.version;
  snapshot.job_ids_total = record.job_ids.value();
  snapshot.finished_completed = record.finished_completed.value();
  snapshot.finished_failed = record.finished_failed.value();
  snapshot.schedulers = record.details.schedulers;
  if (record.schedulers) {
    snapshot.overdue_schedulers = record.schedulers->overdue;
    snapshot.next_scheduled_ms = record.schedulers->next_ms;
  }
  snapshot.workers = server_.WorkersOf(record.id);
}

void Poller::NoteTarget(const Snapshot& snapshot, std::string_view address) {
  if (was_up_ != snapshot.up) {
    if (!snapshot.up) {
      logger_.Warn("redis target is down", {{"redis", settings_.target},
                                            {"addr", address},
                                            {"reason", ErrorLabel(snapshot.error->code)},
                                            {"error", snapshot.error->message}});
    } else {
      logger_.Info(
          "redis target is up",
          {{"redis", settings_.target}, {"addr", address}, {"queues", snapshot.queues.size()}});
    }
    was_up_ = snapshot.up;
  }
  if (!snapshot.queues.empty()) {
    warned_of_no_queues_ = false;
  } else if (snapshot.up && discovery_.first_pass_done() && !warned_of_no_queues_) {
    warned_of_no_queues_ = true;
    logger_.Warn(
        "no queue stands under the prefix: is it the one that the queues use, and is this "
        "their database?",
        {{"redis", settings_.target}, {"prefix", Joined(filter_.prefixes())}});
  }
}

}  // namespace bullmq_exporter
