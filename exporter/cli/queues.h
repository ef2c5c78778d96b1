#pragma once

#include <iosfwd>

#include "exporter/config/environment.h"
#include "exporter/config/flags.h"

namespace bullmq_exporter {

// `queues [--json]`: looks for all queues and reads them once; prints them on `out` as a table
// (queue_table.h), or as GET /v1/jobs/queues answers. A Redis that cannot be read, or whose queues
// could not all be found, is a line on `err`; so are a prefix under which nothing stands and what
// the configuration warns of. Returns the exit code: 0, 1 where something could not be read (a
// table has the rest, JSON is then not printed), 2 for a wrong configuration.
[[nodiscard]] int Queues(const FlagValues& own_flags, const FlagValues& flags,
                         const Environment& environment, std::ostream& out, std::ostream& err);

}  // namespace bullmq_exporter
