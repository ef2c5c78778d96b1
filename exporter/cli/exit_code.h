#pragma once

namespace bullmq_exporter {

// What the program ends with: a contract with scripts and unit files.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;  // at run time; a check that found a fault
inline constexpr int kExitUsage = 2;    // wrong flags, environment or configuration at the start

}  // namespace bullmq_exporter
