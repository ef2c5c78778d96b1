#include "exporter/inspect/queue_place.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

using Kind = InspectionError::Kind;

struct Candidate {
  QueuePlace place;
  bool allowed = false;  // the filter has it and who asks may see it
};

void AddUnique(std::vector<std::string_view>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

InspectionError NotOneOf(std::string_view parameter, const std::vector<std::string_view>& allowed) {
  std::string message = "Parameter " + std::string(parameter) + " must be one of ";
  for (const std::string_view name : allowed) {
    if (name.data() != allowed.front().data()) message += ", ";
    message += EscapeInvalidUtf8(name);
  }
  return {Kind::kBadRequest, std::move(message)};
}

// In a snapshot the discovered queues stand behind the configured ones, by prefix and name.
bool InSnapshot(const InspectedTarget& target, const QueueId& id) {
  const auto snapshot = target.snapshot ? target.snapshot() : nullptr;
  if (!snapshot) return false;
  const std::vector<QueueSnapshot>& queues = snapshot->queues;
  const std::size_t configured = std::min(target.filter->static_queues().size(), queues.size());
  const auto found = std::lower_bound(
      queues.begin() + static_cast<std::ptrdiff_t>(configured), queues.end(), id,
      [](const QueueSnapshot& queue, const QueueId& wanted) { return queue.id < wanted; });
  return found != queues.end() && found->id == id;
}

bool IsAllowed(const InspectedTarget& target, const QueueId& id, const QueueVisibility& visible) {
  if (visible && !visible(target.name, id.prefix, id.name)) return false;
  if (target.filter->IsStatic(id)) return true;
  return target.discovery && target.filter->Accepts(id) && target.filter->HasLongestPrefix(id);
}

bool IsKnown(const Candidate& candidate) {
  if (!candidate.allowed) return false;
  const InspectedTarget& target = *candidate.place.target;
  return target.filter->IsStatic(candidate.place.id) || InSnapshot(target, candidate.place.id);
}

// Keeps those that are in Redis now.
tl::expected<std::vector<Candidate>, InspectionError> ConfirmNow(std::vector<Candidate> candidates,
                                                                 SteadyClock::time_point deadline) {
  std::vector<Candidate> confirmed;
  std::optional<InspectionError> failure;
  std::size_t next = 0;
  while (next < candidates.size()) {
    // Those of one target stand together.
    const InspectedTarget* target = candidates[next].place.target;
    std::vector<QueueId> ids;
    const std::size_t first = next;
    for (; next < candidates.size() && candidates[next].place.target == target; ++next) {
      ids.push_back(candidates[next].place.id);
    }
    const auto found = target->reader->Confirm(ids, deadline);
    if (!found) {
      failure = RedisUnavailable(target->name, found.error());
      continue;
    }
    for (std::size_t i = first; i < next; ++i) {
      if ((*found)[i - first] && candidates[i].allowed) {
        confirmed.push_back(std::move(candidates[i]));
      }
    }
  }
  if (confirmed.empty() && failure) return tl::make_unexpected(std::move(*failure));
  return confirmed;
}

InspectionError Ambiguous(std::string_view name, const std::vector<Candidate>& places) {
  std::string message = "Queue " + EscapeInvalidUtf8(name) + " stands in several places: ";
  for (const Candidate& candidate : places) {
    if (&candidate != places.data()) message += "; ";
    message += "redis=" + EscapeInvalidUtf8(candidate.place.target->name) +
               " prefix=" + EscapeInvalidUtf8(candidate.place.id.prefix);
  }
  return {Kind::kAmbiguous, message + ". Select one with the parameters redis and prefix"};
}

}  // namespace

tl::expected<std::vector<PrefixPlace>, InspectionError> SelectPrefixes(
    const InspectedTargets& targets, const QueueSelection& selection,
    const QueueVisibility& visible) {
  std::vector<PrefixPlace> places;
  bool configured = false;
  std::vector<std::string_view> names;
  std::vector<std::string_view> prefixes;
  for (const InspectedTarget& target : targets) {
    AddUnique(names, target.name);
    if (selection.redis && *selection.redis != target.name) continue;
    for (const std::string& prefix : target.filter->prefixes()) {
      AddUnique(prefixes, prefix);
      if (selection.prefix && *selection.prefix != prefix) continue;
      configured = true;
      if (!visible || visible(target.name, prefix, std::nullopt)) {
        places.push_back({&target, prefix});
      }
    }
  }
  if (prefixes.empty()) return tl::make_unexpected(NotOneOf("redis", names));
  if (!configured) return tl::make_unexpected(NotOneOf("prefix", prefixes));
  return places;
}

bool HasSeveralPlaces(const InspectedTargets& targets) {
  std::size_t places = 0;
  for (const InspectedTarget& target : targets) places += target.filter->prefixes().size();
  return places > 1;
}

void WritePlace(JsonWriter& json, const QueuePlace& place, bool with_place) {
  json.Key("name");
  json.Name(place.id.name);
  if (!with_place) return;
  json.Key("redis");
  json.Name(place.target->name);
  json.Key("prefix");
  json.Name(place.id.prefix);
}

tl::expected<QueuePlace, InspectionError> FindQueue(const InspectedTargets& targets,
                                                    std::string_view name,
                                                    const QueueSelection& selection,
                                                    const QueueVisibility& visible,
                                                    SteadyClock::time_point deadline) {
  const auto selected = SelectPrefixes(targets, selection, visible);
  if (!selected) return tl::make_unexpected(selected.error());
  std::vector<Candidate> candidates;
  for (const PrefixPlace& prefix : *selected) {
    QueueId id{std::string(prefix.prefix), std::string(name)};
    const bool allowed = IsAllowed(*prefix.target, id, visible);
    candidates.push_back({{prefix.target, std::move(id)}, allowed});
  }
  std::vector<Candidate> found;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(found), IsKnown);
  if (found.empty()) {
    auto confirmed = ConfirmNow(std::move(candidates), deadline);
    if (!confirmed) return tl::make_unexpected(std::move(confirmed.error()));
    found = std::move(*confirmed);
  }
  if (found.empty()) return tl::make_unexpected(QueueNotFound(name));
  if (found.size() > 1) return tl::make_unexpected(Ambiguous(name, found));
  return std::move(found.front().place);
}

}  // namespace bullmq_exporter
