#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace bullmq_exporter {

// `check-config FILE…`: every fault of every file as a line on `err`, a line `FILE: ok` on `out`
// for each that has none. The files that a configuration names (keys, certificates) are not opened.
// Returns the exit code: 0, 1 where there is a fault, 2 without a file.
[[nodiscard]] int CheckConfig(std::span<const std::string> files, std::ostream& out,
                              std::ostream& err);

}  // namespace bullmq_exporter
