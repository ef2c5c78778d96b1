#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/inspect/inspection.h"
#include "exporter/inspect/json_writer.h"

namespace bullmq_exporter {

// Where a queue is. `target` is one of the InspectedTargets.
struct QueuePlace {
  const InspectedTarget* target = nullptr;
  QueueId id;
};

// One prefix of one target.
struct PrefixPlace {
  const InspectedTarget* target = nullptr;
  std::string_view prefix;
};

// The prefixes that a selection leaves and where something may be seen, in the order of the
// configuration. Fails with kBadRequest where the selection names what is not configured.
[[nodiscard]] tl::expected<std::vector<PrefixPlace>, InspectionError> SelectPrefixes(
    const InspectedTargets& targets, const QueueSelection& selection,
    const QueueVisibility& visible);

// Whether answers say where a queue is: more than one prefix is configured in all.
[[nodiscard]] bool HasSeveralPlaces(const InspectedTargets& targets);

// "name", and "redis" and "prefix" where `with_place`.
void WritePlace(JsonWriter& json, const QueuePlace& place, bool with_place);

// The one place where a queue of this name is: configured, in the newest snapshot, or in Redis now.
// Where none is known Redis is asked in any case, so that the time to answer does not tell a hidden
// queue from one that does not exist. Fails with kBadRequest, kUnavailable, kNotFound, kAmbiguous.
[[nodiscard]] tl::expected<QueuePlace, InspectionError> FindQueue(const InspectedTargets& targets,
                                                                  std::string_view name,
                                                                  const QueueSelection& selection,
                                                                  const QueueVisibility& visible,
                                                                  SteadyClock::time_point deadline);

}  // namespace bullmq_exporter
