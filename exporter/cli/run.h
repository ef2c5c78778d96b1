#pragma once

#include <span>
#include <string>

#include "exporter/config/environment.h"

namespace bullmq_exporter {

// Runs the program: the sub-command that `words` (those after the program's name) ask for, or the
// exporter until it is told to stop. Returns the exit code (exit_code.h); what is wrong is said on
// standard error.
[[nodiscard]] int Run(std::span<const std::string> words, const Environment& environment);

}  // namespace bullmq_exporter
