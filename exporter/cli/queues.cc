#include "exporter/cli/queues.h"

#include <ostream>
#include <string>
#include <string_view>

#include "exporter/app/one_poll.h"
#include "exporter/base/utf8.h"
#include "exporter/cli/exit_code.h"
#include "exporter/cli/queue_table.h"
#include "exporter/cli/usable_configuration.h"
#include "exporter/inspect/queue_list.h"

namespace bullmq_exporter {
namespace {

// What is wrong is said by lines of our own; the log speaks only when it is asked to.
Logger LoggerFor(const FlagValues& flags, const Config& config) {
  const bool asked = flags.find("log.level") != flags.end();
  return {asked ? config.log.level : LogLevel::kError, config.log.format};
}

void SayOf(const std::string& target, std::string_view what, std::ostream& err) {
  err << "bullmq_exporter: redis " << EscapeUnprintable(target) << ": " << EscapeUnprintable(what)
      << "\n";
}

// Says what could not be read; false where there is something.
bool SayWhatIsMissing(const OnePoll& poll, std::ostream& err) {
  bool all = true;
  for (std::size_t i = 0; i < poll.snapshots().size(); ++i) {
    const Snapshot& snapshot = *poll.snapshots()[i];
    if (!snapshot.up) {
      SayOf(snapshot.target, snapshot.error ? snapshot.error->message : "cannot be read", err);
    } else if (const auto& found = poll.discoveries()[i]; !found) {
      SayOf(snapshot.target, "not all queues were found: " + found.error().message, err);
    } else {
      continue;
    }
    all = false;
  }
  return all;
}

void SayWhatIsEmpty(const Config& config, const OnePoll& poll, std::ostream& err) {
  for (std::size_t i = 0; i < poll.snapshots().size(); ++i) {
    const Snapshot& snapshot = *poll.snapshots()[i];
    const bool looked = config.discovery.enabled && poll.discoveries()[i];
    if (!looked || !snapshot.up || !snapshot.queues.empty()) continue;
    std::string prefixes;
    for (const std::string& prefix : config.targets[i].prefixes) {
      prefixes += (prefixes.empty() ? "" : ", ") + prefix;
    }
    SayOf(snapshot.target, "no queue under the prefix " + prefixes, err);
  }
}

// Counts as the API reads them: anew.
int PrintJson(const Config& config, const OnePoll& poll, std::ostream& out, std::ostream& err) {
  const InspectionResult answer = ListQueues(poll.Inspected(), config.api, {});
  if (!answer) {
    err << "bullmq_exporter: " << EscapeUnprintable(answer.error().message) << "\n";
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
  for (const Notice& notice : configuration->notices) {
    if (notice.level != LogLevel::kWarn) continue;
    err << "bullmq_exporter: " << EscapeUnprintable(notice.message) << "\n";
  }
  const OnePoll poll(config, logger);
  const bool all = SayWhatIsMissing(poll, err);
  SayWhatIsEmpty(config, poll, err);
  const bool json = own_flags.find("json") != own_flags.end();
  if (!json) {
    out << QueueTable(config, poll.snapshots());
  } else if (all) {
    return PrintJson(config, poll, out, err);
  }
  return all ? kExitOk : kExitFailure;
}

}  // namespace bullmq_exporter
