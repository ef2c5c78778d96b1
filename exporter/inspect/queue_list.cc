#include "exporter/inspect/queue_list.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/base/utf8.h"
#include "exporter/inspect/job_json.h"
#include "exporter/inspect/json_writer.h"
#include "exporter/inspect/queue_place.h"

namespace bullmq_exporter {
namespace {

struct ListedQueue {
  QueuePlace place;
  bool discovered = false;
  Result<JobCounts> counts = JobCounts{};
};

// The queues of one target under the selected prefixes, as far as they may be seen: configured ones
// in their order, then those of the snapshot.
tl::expected<std::vector<ListedQueue>, InspectionError> QueuesOf(
    const InspectedTarget& target, const std::vector<PrefixPlace>& selected,
    const QueueVisibility& visible) {
  std::vector<ListedQueue> queues;
  const auto add = [&](const QueueId& id, bool discovered) {
    const bool is_selected =
        std::any_of(selected.begin(), selected.end(), [&](const PrefixPlace& place) {
          return place.target == &target && place.prefix == id.prefix;
        });
    if (!is_selected || (visible && !visible(target.name, id.prefix, id.name))) return;
    queues.push_back({{&target, id}, discovered, JobCounts{}});
  };
  const std::vector<QueueId>& configured = target.filter->static_queues();
  for (const QueueId& id : configured) add(id, false);
  if (!target.discovery) return queues;
  const auto snapshot = target.snapshot ? target.snapshot() : nullptr;
  if (!snapshot || (snapshot->queues.empty() && !snapshot->up)) {
    return tl::make_unexpected(InspectionError{
        InspectionError::Kind::kUnavailable,
        "Queues of Redis " + EscapeInvalidUtf8(target.name) + " are not known yet"});
  }
  const std::unordered_set<QueueId, QueueIdHash> known(configured.begin(), configured.end());
  for (const QueueSnapshot& queue : snapshot->queues) {
    if (!known.contains(queue.id)) add(queue.id, true);
  }
  return queues;
}

tl::expected<void, InspectionError> ReadCounts(const InspectedTarget& target,
                                               std::vector<ListedQueue>& queues,
                                               SteadyClock::time_point deadline) {
  std::vector<QueueId> ids;
  ids.reserve(queues.size());
  for (const ListedQueue& queue : queues) ids.push_back(queue.place.id);
  auto counts = target.reader->ReadCounts(ids, deadline);
  if (!counts) return tl::make_unexpected(RedisUnavailable(target.name, counts.error()));
  for (std::size_t i = 0; i < queues.size(); ++i) queues[i].counts = std::move((*counts)[i]);
  return {};
}

bool AreForbidden(const std::vector<ListedQueue>& queues) {
  return !queues.empty() && std::all_of(queues.begin(), queues.end(), [](const ListedQueue& queue) {
    return !queue.counts && queue.counts.error().code == ErrorCode::kNoPermission;
  });
}

// Configured ones as they are, in front; discovered ones by name, the same name by place.
void Sort(std::vector<ListedQueue>& queues) {
  const auto discovered = std::stable_partition(
      queues.begin(), queues.end(), [](const ListedQueue& queue) { return !queue.discovered; });
  std::stable_sort(discovered, queues.end(), [](const ListedQueue& a, const ListedQueue& b) {
    return std::tie(a.place.id.name, a.place.target, a.place.id.prefix) <
           std::tie(b.place.id.name, b.place.target, b.place.id.prefix);
  });
}

void WriteQueue(JsonWriter& json, const ListedQueue& queue, bool with_place) {
  json.StartObject();
  WritePlace(json, queue.place, with_place);
  json.Key("counts");
  if (queue.counts) {
    WriteJobCounts(json, *queue.counts);
  } else {
    json.Null();
    json.Key("error");
    json.Text(UnreadableReason(queue.counts.error()));
  }
  json.EndObject();
}

}  // namespace

InspectionResult ListQueues(const InspectedTargets& targets, const ApiConfig& config,
                            const QueueListQuery& query) {
  const SteadyClock::time_point deadline = SteadyClock::now() + config.timeout;
  const auto selected = SelectPrefixes(targets, query.selection, query.visible);
  if (!selected) return tl::make_unexpected(selected.error());
  std::vector<ListedQueue> all;
  const InspectedTarget* last = nullptr;
  for (const PrefixPlace& place : *selected) {
    if (place.target == last) continue;
    last = place.target;
    auto queues = QueuesOf(*last, *selected, query.visible);
    if (!queues) return tl::make_unexpected(std::move(queues.error()));
    if (auto read = ReadCounts(*last, *queues, deadline); !read) {
      return tl::make_unexpected(std::move(read.error()));
    }
    // Not one of all queues may be read: that is the target's fault, not theirs.
    const bool all_listed = !query.visible && !query.selection.prefix;
    if (all_listed && AreForbidden(*queues)) {
      return tl::make_unexpected(RedisForbidden(last->name));
    }
    std::move(queues->begin(), queues->end(), std::back_inserter(all));
  }
  Sort(all);
  JsonWriter json;
  json.StartObject();
  json.Key("queues");
  json.StartArray();
  const bool with_place = HasSeveralPlaces(targets);
  for (const ListedQueue& queue : all) WriteQueue(json, queue, with_place);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace bullmq_exporter
