#pragma once

#include <iosfwd>
#include <optional>

#include "exporter/config/configuration.h"

namespace bullmq_exporter {

// The configuration for a command that reads Redis: made (configuration.h), and the files that it
// names can be read. Otherwise says on `err` what is wrong; the exit code is then kExitUsage.
[[nodiscard]] std::optional<Configuration> UsableConfiguration(const FlagValues& flags,
                                                               const Environment& environment,
                                                               std::ostream& err);

}  // namespace bullmq_exporter
