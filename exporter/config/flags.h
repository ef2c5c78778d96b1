#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/config/config.h"

namespace bullmq_exporter {

// What was said for flags, by name: the texts in the order in which they were given. A switch has
// "true" or "false".
using FlagValues = std::map<std::string, std::vector<std::string>, std::less<>>;

// A setting that can be given as `--name VALUE`, or by the environment variable made of its name.
struct Flag {
  std::string_view name;             // "poll.interval"
  std::string_view group;            // heading in --help
  std::string_view value_name = {};  // "DURATION"; empty for a switch
  std::string_view help;             // ends with "(default …)" where that is no value of its own
  std::string_view path = {};  // of the same setting in the file: "poll.interval", "redis[0].addr"
  bool is_list = false;        // several times, or split by commas; others: the last one counts
  bool describes_target = false;  // not beside a file with `redis:`
  // Puts the values into the configuration; never empty but for a list. A failure says what is
  // wrong with the value, without the name of the flag.
  Result<void> (*apply)(const std::vector<std::string>& values, Config& config) = nullptr;
  // The value in a configuration, as --help shows the defaults. Empty: none.
  std::string (*text)(const Config& config) = nullptr;
};

// All flags, in the order of --help and in the order in which they are to be applied.
[[nodiscard]] std::span<const Flag> Flags();

// nullptr where there is none. Without the dashes.
[[nodiscard]] const Flag* FindFlag(std::string_view name);

// The flag that names the configuration file: the one that has no `apply`.
inline constexpr std::string_view kConfigFileFlag = "config.file";

// "poll.interval" → "BULLMQ_EXPORTER_POLL_INTERVAL".
[[nodiscard]] std::string EnvironmentName(std::string_view flag);

}  // namespace bullmq_exporter
