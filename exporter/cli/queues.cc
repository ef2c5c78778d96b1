#include "exporter/cli/queues.h"

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "exporter/app/one_poll.h"
#include "exporter/cli/exit_code.h"
#include "exporter/cli/queue_table.h"
#include "exporter/cli/table.h"
#include "exporter/cli/usable_configuration.h"
#include "exporter/config/redis_address.h"
#include "exporter/inspect/queue_list.h"

namespace bullmq_exporter {
namespace {

using Snapshots = std::vector<std::shared_ptr<const Snapshot>>;

// What is wrong is said by lines of our own; the log speaks only when it is asked to.
Logger LoggerFor(const FlagValues& flags, const Config& config) {
  const bool asked = flags.find("log.level") != flags.end();
  return {asked ? config.log.level : LogLevel::kError, config.log.format};
}

// Says for each target that could not be read why; false where there is one.
bool SayWhatIsDown(const Config& config, const Snapshots& snapshots, std::ostream& err) {
  bool all_up = true;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    if (snapshots[i]->up) continue;
    all_up = false;
    const std::string address = Endpoint(config.targets[i].redis.address);
    const auto& error = snapshots[i]->error;
    err << "bullmq_exporter: redis " << TerminalText(snapshots[i]->target) << " at "
        << TerminalText(address) << ": "
        << TerminalText(error ? error->message : "its queues cannot be read") << "\n";
  }
  return all_up;
}

void SayWhatIsEmpty(const Config& config, const Snapshots& snapshots, std::ostream& err) {
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    if (!snapshots[i]->up || !snapshots[i]->queues.empty()) continue;
    std::string prefixes;
    for (const std::string& prefix : config.targets[i].prefixes) {
      prefixes += (prefixes.empty() ? "" : ", ") + prefix;
    }
    err << "bullmq_exporter: redis " << TerminalText(snapshots[i]->target)
        << ": no queue under the prefix " << TerminalText(prefixes) << "\n";
  }
}

// Counts as the API reads them: anew.
int PrintJson(const Config& config, const OnePoll& poll, std::ostream& out, std::ostream& err) {
  const InspectionResult answer = ListQueues(poll.Inspected(), config.api, {});
  if (!answer) {
    err << "bullmq_exporter: " << TerminalText(answer.error().message) << "\n";
    return kExitFailure;
  }
  out << **answer << "\n";
  return kExitOk;
}

}  // namespace

int Queues(const FlagValues& own_flags, const FlagValues& flags, const Environment& environment,
           std::ostream& out, std::ostream& err) {
  const auto configuration = UsableConfiguration(flags, environment, err);
  if (!configuration) return kExitUsage;
  const Config& config = *configuration->config;
  const Logger logger = LoggerFor(flags, config);
  const OnePoll poll(config, logger);
  const bool all_up = SayWhatIsDown(config, poll.snapshots(), err);
  SayWhatIsEmpty(config, poll.snapshots(), err);
  const bool json = own_flags.find("json") != own_flags.end();
  if (!json) {
    out << QueueTable(config, poll.snapshots());
  } else if (all_up) {
    return PrintJson(config, poll, out, err);
  }
  return all_up ? kExitOk : kExitFailure;
}

}  // namespace bullmq_exporter
