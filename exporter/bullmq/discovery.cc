#include "exporter/bullmq/discovery.h"

#include <algorithm>
#include <utility>

#include "exporter/bullmq/queue_confirmation.h"
#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kMinScanCount = 50;
constexpr std::size_t kMaxScanCount = 500;    // some 0.6 ms
constexpr auto kSlowScan = milliseconds(2);   // a call above this asks for fewer keys the next time
constexpr auto kQuickScan = milliseconds(1);  // one below this for more
constexpr int kPauseFactor = 9;               // so that a pass takes a tenth of the server at most
constexpr auto kLongestPause = milliseconds(200);
constexpr int kRestFactor = 200;  // so that passes take half a per cent of the server on average
constexpr std::size_t kConfirmBatch = 200;
// Names that are counted as ignored or capped, not all that a keyspace may hold.
constexpr std::size_t kMaxCounted = 100000;

// One walk serves all prefixes: what they begin with alike is asked of the server, the rest is
// sorted out here.
std::string PatternFor(const std::vector<std::string>& prefixes) {
  if (prefixes.size() == 1) return queue_keys::ScanPattern(prefixes.front());
  std::string common = prefixes.front();
  for (const std::string& prefix : prefixes) {
    const auto end = std::mismatch(common.begin(), common.end(), prefix.begin(), prefix.end());
    common.erase(end.first, common.end());
  }
  return queue_keys::ScanPatternForAll(common);
}

}  // namespace

Discovery::Discovery(const DiscoveryConfig& config, const QueueFilter& filter, QueueSet& queues)
    : config_(config),
      filter_(filter),
      queues_(queues),
      pattern_(PatternFor(filter.prefixes())),
      next_scan_(config.enabled ? SteadyClock::time_point() : SteadyClock::time_point::max()),
      scan_count_(kMaxScanCount) {}

void Discovery::Offer(const std::vector<QueueId>& candidates) {
  if (!config_.enabled) return;
  for (const QueueId& queue : candidates) {
    if (queues_.Contains(queue) || offered_.contains(queue)) continue;
    if (!filter_.Accepts(queue)) {
      if (ignored_now_.size() < kMaxCounted) ignored_now_.insert(queue);
    } else if (offered_.size() < kMaxCounted) {
      offered_.insert(queue);
    }
  }
}

SteadyClock::time_point Discovery::NextStep() const {
  return offered_.empty() ? next_scan_ : SteadyClock::time_point();
}

Result<void> Discovery::Step(RedisClient& client, const ExchangeLimits& limits, Pace pace) {
  if (auto confirmed = ConfirmOffered(client, limits); !confirmed) return confirmed;
  const bool hurried = pace == Pace::kHurried && pass_began_;
  if (SteadyClock::now() < next_scan_ && !hurried) return {};
  return Scan(client, limits);
}

Result<void> Discovery::ConfirmOffered(RedisClient& client, const ExchangeLimits& limits) {
  if (offered_.empty()) return {};
  Pipeline pipeline;
  std::vector<std::pair<QueueId, std::size_t>> asked;
  for (auto it = offered_.begin(); it != offered_.end() && asked.size() < kConfirmBatch; ++it) {
    asked.emplace_back(*it, AddQueueConfirmation(pipeline, *it));
  }
  const auto replies = client.Execute(pipeline, limits);
  if (!replies) return Fail(replies.error().In("confirming queues"));
  for (const auto& [queue, first] : asked) {
    offered_.erase(queue);
    if (!IsConfirmedQueue(*replies, first) || queues_.Add(queue) || queues_.Contains(queue)) {
      continue;
    }
    if (capped_now_.size() < kMaxCounted) capped_now_.insert(queue);
  }
  return {};
}

Result<void> Discovery::Scan(RedisClient& client, const ExchangeLimits& limits) {
  const auto began = SteadyClock::now();
  if (!pass_began_) {
    pass_began_ = began;
    pass_spent_ = {};
  }
  Pipeline pipeline;
  // The cursor is the client's: one for a Cluster walks its primaries behind it.
  pipeline.Add(Route::kEachPrimary,
               {"SCAN", cursor_, "MATCH", pattern_, "COUNT", std::to_string(scan_count_)});
  auto replies = client.Execute(pipeline, limits);
  const auto took = SteadyClock::now() - began;
  pass_spent_ += took;
  next_scan_ =
      SteadyClock::now() + std::min<SteadyClock::duration>(took * kPauseFactor, kLongestPause);
  if (!replies) return Fail(replies.error().In("looking for queues"));
  Reply& reply = (*replies)[0];
  if (reply.is_error()) return Fail(ErrorOf(reply).In("looking for queues (SCAN)"));
  if (reply.elements.size() != 2) return Fail(ErrorCode::kProtocol, "SCAN answered no pair");

  if (took > kSlowScan) {
    scan_count_ = std::max(kMinScanCount, scan_count_ / 2);
  } else if (took < kQuickScan) {
    scan_count_ = std::min(kMaxScanCount, scan_count_ * 2);
  }
  std::vector<QueueId> found;
  for (const Reply& key : reply.elements[1].elements) {
    if (auto queue = filter_.QueueOfKey(key.text)) found.push_back(std::move(*queue));
  }
  Offer(found);
  cursor_ = reply.elements[0].text;
  if (auto confirmed = ConfirmOffered(client, limits); !confirmed) return confirmed;
  if (cursor_ == "0") EndPass();
  return {};
}

void Discovery::EndPass() {
  const auto now = SteadyClock::now();
  last_pass_ = std::chrono::duration<double>(now - *pass_began_).count();
  const SteadyClock::duration interval = config_.interval;
  next_scan_ = std::max(now, *pass_began_ + std::max(interval, pass_spent_ * kRestFactor));
  pass_began_.reset();
  ignored_ = static_cast<std::int64_t>(ignored_now_.size());
  capped_ = static_cast<std::int64_t>(capped_now_.size());
  ignored_now_.clear();
  capped_now_.clear();
}

}  // namespace bullmq_exporter
