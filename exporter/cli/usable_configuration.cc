#include "exporter/cli/usable_configuration.h"

#include <ostream>
#include <string>
#include <utility>

namespace bullmq_exporter {

std::optional<Configuration> UsableConfiguration(const FlagValues& flags,
                                                 const Environment& environment,
                                                 std::ostream& err) {
  auto configuration = MakeConfiguration(flags, environment);
  if (!configuration) {
    for (const std::string& line : configuration.error()) err << line << "\n";
    return std::nullopt;
  }
  if (const auto unreadable = UnreadableFile(*configuration)) {
    err << *unreadable << "\n";
    return std::nullopt;
  }
  return *std::move(configuration);
}

}  // namespace bullmq_exporter
