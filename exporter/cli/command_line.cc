#include "exporter/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "exporter/config/near_match.h"
#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

tl::unexpected<Error> Usage(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message) + " (--help shows all)");
}

std::string Dashed(std::string_view name) { return "--" + std::string(name); }

// CLI11 takes the words apart and no more: values, defaults, the environment and --help are ours.
void AddFlag(CLI::App& app, std::string_view name, bool is_switch) {
  if (is_switch) {
    app.add_flag(Dashed(name))->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  } else {
    app.add_option(Dashed(name))->type_size(1)->expected(1, -1)->allow_extra_args(false);
  }
}

void Declare(CLI::App& app) {
  app.set_help_flag();  // off: ours prints the help
  app.allow_extras();
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.add_flag("--help,-h");
  app.add_flag("--version");
  for (const Flag& flag : Flags()) AddFlag(app, flag.name, flag.value_name.empty());
  for (const SubCommand& command : SubCommands()) {
    CLI::App& sub = *app.add_subcommand(std::string(command.name));
    sub.set_help_flag();
    for (const CommandFlag& flag : command.flags) AddFlag(sub, flag.name, flag.value_name.empty());
  }
}

std::string Undashed(std::string_view word) {
  const std::size_t begin = std::min(word.find_first_not_of('-'), word.size());
  return std::string(word.substr(begin, word.find('=') - begin));
}

bool IsSwitch(std::string_view name) {
  const auto is_it = [&](const auto& flag) { return flag.name == name && flag.value_name.empty(); };
  return std::ranges::any_of(Flags(), is_it) ||
         std::ranges::any_of(SubCommands(), [&](const SubCommand& command) {
           return std::ranges::any_of(command.flags, is_it);
         });
}

// `--name=` would take the next word as its value.
Result<std::vector<std::string>> Separated(std::span<const std::string> words) {
  std::vector<std::string> separated;
  for (const std::string& word : words) {
    if (!word.starts_with("--") || word.find('=') != word.size() - 1) {
      separated.push_back(word);
      continue;
    }
    separated.push_back(word.substr(0, word.size() - 1));
    if (IsSwitch(Undashed(word))) return Usage("flag " + word + " needs true or false");
    separated.emplace_back();
  }
  return separated;
}

std::vector<std::string> Results(const CLI::App& app, std::string_view name) {
  const CLI::Option* option = app.get_option(Dashed(name));
  return option->count() > 0 ? option->results() : std::vector<std::string>();
}

// All that may stand beside a sub-command, or alone where it is null.
std::vector<std::string> FlagNames(const SubCommand* command) {
  std::vector<std::string> names;
  for (const Flag& flag : Flags()) names.emplace_back(flag.name);
  if (command != nullptr) {
    for (const CommandFlag& flag : command->flags) names.emplace_back(flag.name);
  }
  names.insert(names.end(), {"help", "version"});
  return names;
}

tl::unexpected<Error> UnknownWord(const std::string& word, const SubCommand* command) {
  if (word.starts_with('-')) {
    const std::string near = NearMatch(Undashed(word), FlagNames(command));
    return Usage("unknown flag " + Quoted(word.substr(0, word.find('='))) +
                 (near.empty() ? "" : "; did you mean " + Dashed(near) + "?"));
  }
  if (command != nullptr) {
    return Usage(std::string(command->name) + " takes no argument " + Quoted(word));
  }
  std::vector<std::string> candidates;
  std::string message = "unknown sub-command " + Quoted(word) + "; there are";
  for (const SubCommand& known : SubCommands()) {
    candidates.emplace_back(known.name);
    message += (candidates.size() == 1 ? " " : ", ") + candidates.back();
  }
  const std::string suggestion = Suggestion(word, candidates);
  return Usage(suggestion.empty() ? message : "unknown sub-command " + Quoted(word) + suggestion);
}

// A flag whose value is the name of another flag was given without one.
Result<void> RefuseFlagAsValue(const FlagValues& values, const SubCommand* command) {
  const std::vector<std::string> flags = FlagNames(command);
  for (const auto& [name, texts] : values) {
    for (const std::string& text : texts) {
      if (text.starts_with("--") && std::ranges::find(flags, Undashed(text)) != flags.end()) {
        return Usage("flag " + Dashed(name) + " needs a value");
      }
    }
  }
  return {};
}

Result<CommandLine> Collect(const CLI::App& app, std::span<const std::string> after_dashes) {
  CommandLine line;
  for (const Flag& flag : Flags()) {
    auto results = Results(app, flag.name);
    if (!results.empty()) line.flags[std::string(flag.name)] = std::move(results);
  }
  const SubCommand* chosen = nullptr;
  for (const SubCommand& command : SubCommands()) {
    const CLI::App* sub = app.get_subcommand(std::string(command.name));
    if (!sub->parsed()) continue;
    chosen = &command;
    line.command = command.command;
    for (const CommandFlag& flag : command.flags) {
      auto results = Results(*sub, flag.name);
      const bool is_off = flag.value_name.empty() && !results.empty() && results.back() != "true";
      if (is_off && results.back() != "false") {
        return Usage("flag " + Dashed(flag.name) + " needs true or false");
      }
      if (!results.empty() && !is_off) line.own_flags[std::string(flag.name)] = std::move(results);
    }
  }
  for (const FlagValues* values : {&line.flags, &line.own_flags}) {
    if (auto refused = RefuseFlagAsValue(*values, chosen); !refused) return Fail(refused.error());
  }
  std::vector<std::string> arguments = app.remaining(true);
  for (const std::string& word : arguments) {
    if (word.starts_with('-')) return UnknownWord(word, chosen);
  }
  arguments.insert(arguments.end(), after_dashes.begin(), after_dashes.end());
  if (!arguments.empty() && (chosen == nullptr || chosen->argument_name.empty())) {
    return UnknownWord(arguments.front(), chosen);
  }
  line.arguments = std::move(arguments);
  if (app.count("--version") > 0) line.command = Command::kVersion;
  if (app.count("--help") > 0) line.command = Command::kHelp;
  return line;
}

}  // namespace

const std::vector<SubCommand>& SubCommands() {
  static const std::vector<SubCommand> kCommands = {
      {.command = Command::kCheckConfig,
       .name = "check-config",
       .help = "say everything that is wrong in configuration files; exit 1 if something is",
       .argument_name = "FILE"},
      {.command = Command::kNewKey,
       .name = "new-key",
       .help = "make an API key: prints it once, and its entry for the keys file",
       .flags = {{.name = "name", .value_name = "NAME", .help = "who the key is for; required"},
                 {.name = "permission",
                  .value_name = "PERMISSION",
                  .help = "several times, or split by commas (default manage:all)",
                  .is_list = true},
                 {.name = "expires",
                  .value_name = "DURATION",
                  .help = "from now, such as 90d (default never)"},
                 {.name = "keys-file",
                  .value_name = "FILE",
                  .help = "append the entry to this file, too"}}},
      {.command = Command::kHealthcheck,
       .name = "healthcheck",
       .help = "ask a running exporter whether it lives; exit 0 or 1, for containers",
       .flags = {{.name = "url",
                  .value_name = "URL",
                  .help = "what to ask (default /-/healthy at --web.listen-address)"}}},
      {.command = Command::kQueues,
       .name = "queues",
       .help = "read Redis once and print the queues",
       .flags = {{.name = "json", .help = "as the Jobs API answers"}}},
  };
  return kCommands;
}

Result<CommandLine> ParseCommandLine(std::span<const std::string> words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  const auto before = words.first(static_cast<std::size_t>(dashes - words.begin()));
  const auto after = words.subspan(std::min(before.size() + 1, words.size()));
  auto separated = Separated(before);
  if (!separated) return Fail(separated.error());
  const std::string last = separated->empty() ? "" : separated->back();
  std::vector<std::string> reversed(separated->rbegin(), separated->rend());  // as CLI11 wants it
  try {
    CLI::App app;
    Declare(app);
    app.parse(std::move(reversed));
    return Collect(app, after);
  } catch (const CLI::ArgumentMismatch&) {
    return Usage("flag " + last + " needs a value");  // only the last word can lack one
  } catch (const CLI::Error& error) {
    return Usage(error.what());
  }
}

}  // namespace bullmq_exporter
