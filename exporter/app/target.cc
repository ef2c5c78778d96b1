#include "exporter/app/target.h"

#include <algorithm>
#include <utility>

#include "exporter/config/duration.h"
#include "exporter/redis/hiredis_client.h"

namespace bullmq_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Requests beyond wait for one of them: a heavy request must not pile up on Redis.
constexpr std::size_t kApiConnections = 4;
constexpr auto kQuickDiscovery = milliseconds(100);  // before the first poll
constexpr auto kDiscoveryTimeout = seconds(1);       // of one step
constexpr auto kRetry = seconds(1);          // a target that is down is tried again after this
constexpr auto kNewQueuesPoll = seconds(1);  // queues that were just found are polled this soon

}  // namespace

Target::Target(const TargetConfig& target, const Config& config, Instruments& instruments,
               const Logger& logger, Publish publish)
    : poll_config_(config.poll),
      discovery_enabled_(config.discovery.enabled),
      name_(target.name),
      logger_(logger),
      publish_(std::move(publish)),
      filter_(target.prefixes, target.queues),
      queues_(filter_, config.discovery.max_queues),
      discovery_(config.discovery, filter_, queues_),
      poller_({target.name, config.poll, config.failures, config.discovery.forget_after,
               config.metrics.names_per_queue},
              filter_, queues_, discovery_, instruments.Poll(target.name), logger),
      poll_client_(std::make_unique<HiredisClient>(
          target.redis, instruments.Redis(target.name, RedisPurpose::kPoll), stop_.get_token())),
      discovery_client_(std::make_unique<HiredisClient>(
          target.redis, instruments.Redis(target.name, RedisPurpose::kDiscovery),
          stop_.get_token())),
      api_clients_(kApiConnections,
                   [redis = target.redis, stop = stop_.get_token(),
                    &usage = instruments.Redis(target.name, RedisPurpose::kApi)] {
                     return std::make_unique<HiredisClient>(redis, usage, stop);
                   }),
      job_reader_(api_clients_, {config.api.max_field_bytes, config.api.max_response_bytes}) {}

Target::~Target() {
  RequestStop();
  Join();
}

InspectedTarget Target::Inspected(const SnapshotStore& snapshots) const {
  return {.name = name_,
          .filter = &filter_,
          .discovery = discovery_enabled_,
          .reader = &job_reader_,
          .snapshot = [this, &snapshots] { return snapshots.Get(name_); }};
}

void Target::Start() {
  thread_ = std::thread([this] { Run(); });
}

Result<void> Target::DiscoverAll() {
  const Duration time = poll_config_.timeout * 10;
  if (auto done = DiscoverWithin(time, poll_config_.timeout); !done) return done;
  if (discovery_.first_pass_done()) return {};
  return Fail(ErrorCode::kTimeout,
              "the walk over the keys has not ended within " + FormatDuration(time));
}

std::shared_ptr<const Snapshot> Target::PollOnce() { return poller_.Poll(*poll_client_); }

void Target::Run() {
  (void)DiscoverWithin(kQuickDiscovery, kDiscoveryTimeout);  // what fails shows in the first poll
  while (!stop_.stop_requested()) {
    const auto now = SteadyClock::now();
    const auto discovery_due = std::max(next_discovery_, discovery_.NextStep());
    const bool poll = now >= next_poll_;
    // In turns, so that discovery goes on even where polls take longer than their interval.
    const bool discover = up_ && now >= discovery_due;
    if (poll) PollNow();
    if (discover) DiscoverStep();
    if (!poll && !discover) WaitUntil(up_ ? std::min(next_poll_, discovery_due) : next_poll_);
  }
}

Result<void> Target::DiscoverWithin(Duration time, Duration step_timeout) {
  if (auto server = poller_.ReadServer(*poll_client_); !server) return server;
  const auto deadline = SteadyClock::now() + time;
  while (!discovery_.first_pass_done() && SteadyClock::now() < deadline) {
    ExchangeLimits limits;
    limits.deadline = SteadyClock::now() + step_timeout;
    auto step = discovery_.Step(*discovery_client_, limits, Discovery::Pace::kHurried);
    if (!step) return step;
  }
  return {};
}

void Target::DiscoverStep() {
  ExchangeLimits limits;
  limits.deadline = SteadyClock::now() + kDiscoveryTimeout;
  const auto done = discovery_.Step(*discovery_client_, limits);
  if (!done) {
    next_discovery_ = std::max(SteadyClock::now() + kRetry, discovery_client_->NextAttempt());
    if (!discovery_failing_ && !stop_.stop_requested()) {
      logger_.Warn("discovery fails", {{"redis", name_}, {"error", done.error().message}});
    }
  }
  discovery_failing_ = !done;
  if (queues_.version() != polled_version_) {
    next_poll_ = std::min(next_poll_, last_poll_began_ + kNewQueuesPoll);
  }
}

void Target::PollNow() {
  last_poll_began_ = SteadyClock::now();
  polled_version_ = queues_.version();
  auto snapshot = poller_.Poll(*poll_client_);
  if (stop_.stop_requested()) return;  // a poll that was given up says nothing
  up_ = snapshot->up;
  const std::chrono::duration<double> took = SteadyClock::now() - last_poll_began_;
  logger_.Debug("polled", {{"redis", name_},
                           {"up", up_},
                           {"queues", snapshot->queues.size()},
                           {"seconds", took.count()}});
  publish_(std::move(snapshot));
  const auto now = SteadyClock::now();
  next_poll_ = last_poll_began_ + poll_config_.interval;
  if (!up_) next_poll_ = std::min(next_poll_, std::max(poll_client_->NextAttempt(), now + kRetry));
  next_poll_ = std::max(next_poll_, now);
}

void Target::WaitUntil(SteadyClock::time_point time) {
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, stop_.get_token(), time, [] { return false; });
}

}  // namespace bullmq_exporter
