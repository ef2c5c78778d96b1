#pragma once

#include <span>

#include "exporter/base/error.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/config/config.h"
#include "exporter/poll/queue_record.h"

namespace bullmq_exporter {

// Reads settings, totals and schedulers into the records of those queues whose turn it is: each
// `slow_interval`, spread over the polls. What is too large of a queue that is read alone is
// absent. Fails as a whole only where the server could not be read.
[[nodiscard]] Result<void> PollDetails(const ReadContext& context,
                                       std::span<QueueRecord* const> records,
                                       Duration slow_interval);

}  // namespace bullmq_exporter
