#pragma once

#include <string>

#include "exporter/base/build_info.h"

namespace bullmq_exporter {

// The text of --help: usage, sub-commands with their flags, and every flag once, in groups, with
// its default. At most 100 columns.
[[nodiscard]] std::string HelpText();

// The text of --version, as Prometheus' programs print it.
[[nodiscard]] std::string VersionText(const BuildInfo& build);

}  // namespace bullmq_exporter
