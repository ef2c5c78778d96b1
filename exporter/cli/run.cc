#include "exporter/cli/run.h"

#include <iostream>

#include "exporter/app/application.h"
#include "exporter/base/build_info.h"
#include "exporter/base/clock.h"
#include "exporter/cli/check_config.h"
#include "exporter/cli/command_line.h"
#include "exporter/cli/exit_code.h"
#include "exporter/cli/help.h"
#include "exporter/cli/new_key.h"
#include "exporter/config/configuration.h"

namespace bullmq_exporter {
namespace {

int Serve(const CommandLine& line, const Environment& environment) {
  const auto configuration = MakeConfiguration(line.flags, environment);
  if (!configuration) {
    for (const std::string& fault : configuration.error()) std::cerr << fault << '\n';
    return kExitUsage;
  }
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

}  // namespace

int Run(std::span<const std::string> words, const Environment& environment) {
  const auto line = ParseCommandLine(words);
  if (!line) {
    std::cerr << line.error().message << '\n';
    return kExitUsage;
  }
  switch (line->command) {
    case Command::kServe: return Serve(*line, environment);
    case Command::kHelp: std::cout << HelpText(); return kExitOk;
    case Command::kVersion: std::cout << VersionText(GetBuildInfo()); return kExitOk;
    case Command::kCheckConfig: return CheckConfig(line->arguments, std::cout, std::cerr);
    case Command::kNewKey: return NewKeyCommand(line->own_flags, NowMs(), std::cout, std::cerr);
    case Command::kHealthcheck:
    case Command::kQueues: break;
  }
  std::cerr << "this sub-command is not there yet\n";
  return kExitUsage;
}

}  // namespace bullmq_exporter
