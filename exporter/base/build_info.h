#pragma once

#include <string_view>

namespace bullmq_exporter {

// What this program was built from, for --version and bullmq_exporter_build_info.
struct BuildInfo {
  std::string_view version;  // "0.1.0"
  std::string_view
      revision;  // of git, 12 hex digits, with "-dirty" for changed files; or "unknown"
  std::string_view compiler;  // "GCC 14.2.0"
  std::string_view platform;  // "linux/x86_64"
};

[[nodiscard]] BuildInfo GetBuildInfo();

}  // namespace bullmq_exporter
