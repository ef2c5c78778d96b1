#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "exporter/model/job.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Field of a job's hash that holds a payload: data, returnvalue, failedReason, stacktrace.
[[nodiscard]] std::string_view PayloadFieldName(PayloadField field);

// The other fields that are read of each job, in the order in which DecodeJob expects them.
inline constexpr std::array<std::string_view, 6> kPlainJobFields = {
    "name", "timestamp", "processedOn", "finishedOn", "attemptsMade", "atm"};

// Makes of the values of a job's hash (those of kPlainJobFields, then the payloads of `read` in its
// order, each a string or nil) a job as BullMQ's Job.fromJSON does: attemptsMade, else atm, is the
// number of attempts; numbers are read as parseInt does, and what is none is left out. Nothing
// where every value is nil: the job is gone. Moves out of `values`; `id`, `state` and what of the
// payloads was withheld is for the caller to set.
[[nodiscard]] std::optional<Job> DecodeJob(std::span<Reply> values,
                                           std::span<const PayloadField> read);

}  // namespace bullmq_exporter
