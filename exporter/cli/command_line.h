#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/config/flags.h"

namespace bullmq_exporter {

enum class Command { kServe, kHelp, kVersion, kCheckConfig, kNewKey, kHealthcheck, kQueues };

// A flag of one sub-command.
struct CommandFlag {
  std::string_view name;
  std::string_view value_name = {};  // empty for a switch
  std::string_view help;
  bool is_list = false;
};

// A sub-command: what the command line knows of it. What it does stands in a file of its own.
struct SubCommand {
  Command command;
  std::string_view name;
  std::string_view help;
  std::string_view argument_name = {};  // "FILE"; empty where it takes none
  std::vector<CommandFlag> flags = {};
};

[[nodiscard]] const std::vector<SubCommand>& SubCommands();

// What stands on a command line.
struct CommandLine {
  Command command = Command::kServe;
  FlagValues flags;                    // of flags.h, wherever they stand
  FlagValues own_flags;                // of the sub-command; a switch is there where it is on
  std::vector<std::string> arguments;  // of the sub-command
};

// Splits a command line by the names of flags and sub-commands; the values are looked at later.
// `words` are those after the program's name. Flags may stand before and after a sub-command. A
// failure is one line for a person: the flag or sub-command, and what is near or allowed.
[[nodiscard]] Result<CommandLine> ParseCommandLine(std::span<const std::string> words);

}  // namespace bullmq_exporter
