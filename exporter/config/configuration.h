#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "exporter/base/logger.h"
#include "exporter/config/environment.h"
#include "exporter/config/flags.h"
#include "exporter/config/validator.h"

namespace bullmq_exporter {

// Something for the log at the start.
struct Notice {
  LogLevel level = LogLevel::kInfo;
  std::string message;
};

// A file that the configuration names, and who names it: "--redis.password-file".
struct NamedFile {
  std::string source;
  std::string path;
};

// All that the program is started with.
struct Configuration {
  ValidatedConfig config;
  std::vector<Notice> notices;
  std::vector<NamedFile> files;  // passwords, keys, certificates
};

// Makes the configuration of what was said: flags first, then the environment, then the file that
// one of the two names, then the defaults. Without a target in any of them, Open Archiver's
// variables describe it. Reads the file, and nothing else. A failure is lines for standard error,
// without line ends: for a file each of its faults as `FILE:LINE:COLUMN: …`, otherwise one that
// begins with the flag or the variable. No line holds a password.
[[nodiscard]] tl::expected<Configuration, std::vector<std::string>> MakeConfiguration(
    const FlagValues& flags, const Environment& environment);

// A line for the first of the files that cannot be read; nothing where all can.
[[nodiscard]] std::optional<std::string> UnreadableFile(const Configuration& configuration);

// Every fault of a configuration file, each as a line; empty where the program would start with it.
[[nodiscard]] std::vector<std::string> CheckConfigFile(const std::string& path);

}  // namespace bullmq_exporter
