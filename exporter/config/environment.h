#pragma once

#include <map>
#include <optional>
#include <string>

#include "exporter/base/error.h"
#include "exporter/config/config.h"
#include "exporter/config/flags.h"

namespace bullmq_exporter {

// The environment variables of the process, by name.
using Environment = std::map<std::string, std::string, std::less<>>;

// From the `environ` of unistd.h; nullptr is an empty one.
[[nodiscard]] Environment ReadEnvironment(const char* const* environ);

// What BULLMQ_EXPORTER_… says for each flag. An empty variable says nothing, as one that is not
// there.
[[nodiscard]] FlagValues FlagsFromEnvironment(const Environment& environment);

// The variables BULLMQ_EXPORTER_… that no flag has, but that are near one's: name and suggestion.
// Others are not ours to judge: Kubernetes makes such names for each service called
// bullmq-exporter.
[[nodiscard]] std::map<std::string, std::string> MistypedVariables(const Environment& environment);

// The Redis of an Open Archiver that shares our environment: REDIS_HOST, REDIS_PORT, REDIS_USER,
// REDIS_PASSWORD, REDIS_TLS_ENABLED. Nothing without REDIS_HOST. A REDIS_PORT such as
// `tcp://10.0.0.5:6379` was made by Kubernetes for a service called redis and is passed over.
[[nodiscard]] Result<std::optional<RedisConfig>> OpenArchiverRedis(const Environment& environment);

}  // namespace bullmq_exporter
