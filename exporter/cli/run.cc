#include "exporter/cli/run.h"

#include <iostream>
#include <string_view>

#include "exporter/app/application.h"
#include "exporter/base/build_info.h"
#include "exporter/base/clock.h"
#include "exporter/cli/check_config.h"
#include "exporter/cli/command_line.h"
#include "exporter/cli/exit_code.h"
#include "exporter/cli/healthcheck.h"
#include "exporter/cli/help.h"
#include "exporter/cli/new_key.h"
#include "exporter/cli/queues.h"
#include "exporter/cli/usable_configuration.h"

namespace bullmq_exporter {
namespace {

int Print(std::string_view text) {
  std::cout << text;
  return kExitOk;
}

int Serve(const FlagValues& flags, const Environment& environment) {
  const auto configuration = UsableConfiguration(flags, environment, std::cerr);
  if (!configuration) return kExitUsage;
  const Config& config = *configuration->config;
  const Logger logger(config.log.level, config.log.format);
  for (const Notice& notice : configuration->notices) {
    if (notice.level == LogLevel::kWarn) {
      logger.Warn(notice.message);
    } else {
      logger.Info(notice.message);
    }
  }
  return RunApplication(config, logger);
}

int RunCommand(const CommandLine& line, const Environment& environment) {
  switch (line.command) {
    case Command::kServe: return Serve(line.flags, environment);
    case Command::kHelp: return Print(HelpText());
    case Command::kVersion: return Print(VersionText(GetBuildInfo()));
    case Command::kCheckConfig: return CheckConfig(line.arguments, std::cout, std::cerr);
    case Command::kNewKey: return NewKeyCommand(line.own_flags, NowMs(), std::cout, std::cerr);
    case Command::kHealthcheck:
      return Healthcheck(line.own_flags, line.flags, environment, std::cerr);
    case Command::kQueues:
      return Queues(line.own_flags, line.flags, environment, std::cout, std::cerr);
  }
  return kExitFailure;
}

}  // namespace

int Run(std::span<const std::string> words, const Environment& environment) {
  const auto line = ParseCommandLine(words);
  if (!line) {
    std::cerr << "bullmq_exporter: " << line.error().message << '\n';
    return kExitUsage;
  }
  const int code = RunCommand(*line, environment);
  std::cout.flush();
  return code == kExitOk && !std::cout ? kExitFailure : code;
}

}  // namespace bullmq_exporter
