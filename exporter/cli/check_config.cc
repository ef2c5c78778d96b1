#include "exporter/cli/check_config.h"

#include <ostream>
#include <vector>

#include "exporter/cli/exit_code.h"
#include "exporter/config/configuration.h"

namespace bullmq_exporter {

int CheckConfig(std::span<const std::string> files, std::ostream& out, std::ostream& err) {
  if (files.empty()) {
    err << "bullmq_exporter: check-config needs a file: bullmq_exporter check-config FILE...\n";
    return kExitUsage;
  }
  int code = kExitOk;
  for (const std::string& file : files) {
    const std::vector<std::string> faults = CheckConfigFile(file);
    if (faults.empty()) {
      out << file << ": ok\n";
    } else {
      code = kExitFailure;
    }
    for (const std::string& fault : faults) err << fault << "\n";
  }
  return code;
}

}  // namespace bullmq_exporter
