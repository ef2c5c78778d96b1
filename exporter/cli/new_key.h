#pragma once

#include <cstdint>
#include <iosfwd>

#include "exporter/config/flags.h"

namespace bullmq_exporter {

// `new-key --name N [--permission P] [--expires D] [--keys-file F]`: prints the key on `out`, and
// its entry for the keys file, as YAML, on `err`; with a file the entry is appended there, too.
// `now_ms` is the time since 1970. Returns the exit code: 0, 1 where the file cannot be written, 2
// for wrong use.
[[nodiscard]] int NewKeyCommand(const FlagValues& flags, std::int64_t now_ms, std::ostream& out,
                                std::ostream& err);

}  // namespace bullmq_exporter
