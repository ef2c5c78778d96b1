#include "exporter/cli/help.h"

#include <algorithm>
#include <string_view>

#include "exporter/cli/command_line.h"
#include "exporter/config/config.h"
#include "exporter/config/flags.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kIndent = 36;  // where the explanations begin

// How much of the words goes on a line: broken at a space, but not between "(default" and its
// value.
std::size_t LineLength(std::string_view words, std::size_t room) {
  if (words.size() <= room) return words.size();
  std::size_t length = words.rfind(' ', room);
  if (length == std::string_view::npos) return std::min(words.find(' '), words.size());
  if (words.substr(0, length).ends_with(" (default")) length = words.rfind(' ', length - 1);
  return length;
}

// "  --flag=VALUE     words, wrapped".
void AddEntry(std::string& out, std::string_view left, std::string_view words) {
  std::string line = "  ";
  line += left;
  if (line.size() + 2 > kIndent) {
    out += line + "\n";
    line.clear();
  }
  line.resize(kIndent, ' ');
  while (!words.empty()) {
    const std::size_t length = LineLength(words, kColumns - kIndent);
    line += words.substr(0, length);
    out += line + "\n";
    words.remove_prefix(std::min(length + 1, words.size()));
    line.assign(kIndent, ' ');
  }
}

std::string Left(std::string_view name, std::string_view value_name) {
  std::string left = "--";
  left += name;
  if (!value_name.empty()) left.append("=").append(value_name);
  return left;
}

void AddSubCommands(std::string& out) {
  out += "\nSub-commands\n";
  for (const SubCommand& command : SubCommands()) {
    std::string left(command.name);
    if (!command.argument_name.empty())
      left.append(" ").append(command.argument_name).append("...");
    AddEntry(out, left, command.help);
    for (const CommandFlag& flag : command.flags) {
      std::string flag_left = "  ";
      flag_left += Left(flag.name, flag.value_name);
      AddEntry(out, flag_left, flag.help);
    }
  }
}

std::string DefaultText(const Flag& flag, const Config& defaults) {
  if (flag.value_name.empty()) return "off";
  const std::string text = flag.text != nullptr ? flag.text(defaults) : "";
  return text.empty() ? "none" : text;
}

void AddFlags(std::string& out) {
  const Config defaults;
  std::string_view group;
  for (const Flag& flag : Flags()) {
    if (flag.group != group) out.append("\n").append(flag.group).append("\n");
    group = flag.group;
    std::string words(flag.help);
    if (!words.ends_with(')')) words += " (default " + DefaultText(flag, defaults) + ")";
    AddEntry(out, Left(flag.name, flag.value_name), words);
  }
}

}  // namespace

std::string HelpText() {
  std::string out =
      "bullmq_exporter reads BullMQ's queues from Redis and serves them as metrics for Prometheus "
      "and\n"
      "as a Jobs API. It never writes to Redis.\n"
      "\n"
      "Usage: bullmq_exporter [FLAG...] [SUB-COMMAND [FLAG...]]\n";
  AddSubCommands(out);
  AddFlags(out);
  out += "\nOther\n";
  AddEntry(out, "--help, -h", "print this");
  AddEntry(out, "--version", "print the version");
  out += "\nEach flag has an environment variable: --poll.interval is " +
         EnvironmentName("poll.interval") +
         ".\nA flag counts before the environment, that before the file, that before the default.\n"
         "Durations are written 500ms, 5s, 1m30s, 1h.\n";
  return out;
}

std::string VersionText(const BuildInfo& build) {
  std::string out = "bullmq_exporter, version ";
  out.append(build.version).append(" (revision: ").append(build.revision).append(")\n");
  out.append("  compiler:         ").append(build.compiler).append("\n");
  out.append("  platform:         ").append(build.platform).append("\n");
  return out;
}

}  // namespace bullmq_exporter
