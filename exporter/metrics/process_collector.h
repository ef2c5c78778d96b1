#pragma once

#include <string>
#include <vector>

#include "exporter/metrics/text_family.h"

namespace bullmq_exporter {

// The process_* families that every exporter has, of this process, from Linux' proc file system.
// What cannot be read there is absent. Thread-safe.
class ProcessCollector {
 public:
  // Where /proc is mounted.
  explicit ProcessCollector(std::string proc = "/proc");

  [[nodiscard]] std::vector<TextFamily> Collect() const;

 private:
  const std::string proc_;
  // Since 1970, by the clocks: /proc/stat, which has it as `btime`, is hidden where a sandbox shows
  // processes only. Read once, so that the start of the process does not move with the clock.
  const double boot_seconds_;
};

}  // namespace bullmq_exporter
