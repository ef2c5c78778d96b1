#pragma once

#include <cstdint>
#include <optional>
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
  const std::optional<double>
      boot_seconds_;  // since 1970; `btime` of /proc/stat, which is dear to read
};

}  // namespace bullmq_exporter
