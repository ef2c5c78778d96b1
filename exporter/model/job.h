#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "exporter/model/job_state.h"

namespace bullmq_exporter {

// The fields of a job whose length nothing bounds: their sizes are asked before they are read.
enum class PayloadField { kData, kReturnValue, kFailedReason, kStacktrace };

inline constexpr std::array kPayloadFields = {PayloadField::kData, PayloadField::kReturnValue,
                                              PayloadField::kFailedReason,
                                              PayloadField::kStacktrace};

[[nodiscard]] constexpr std::size_t Index(PayloadField field) {
  return static_cast<std::size_t>(field);
}

// One payload field of a job: raw bytes as they stand in Redis.
struct Payload {
  std::optional<std::string> text;  // empty: the job has no such field, or it was not read
  std::int64_t withheld_bytes = 0;  // above 0: the field has so many bytes, too many to be read
};

// One job, as its hash in Redis has it. Times are milliseconds since 1970 by the clock of whoever
// wrote them.
struct Job {
  std::string id;    // raw bytes
  std::string name;  // raw bytes
  // Known from the set in which the job was found. Jobs of a list `paused` are kWaiting, as BullMQ
  // says, but kPaused where the queue is Bull's.
  JobState state = JobState::kWaiting;
  std::optional<std::int64_t> timestamp_ms;     // when it was added
  std::optional<std::int64_t> processed_on_ms;  // when its last attempt started
  std::optional<std::int64_t> finished_on_ms;
  std::int64_t attempts_made = 0;
  std::array<Payload, kPayloadFields.size()> payloads;

  [[nodiscard]] const Payload& payload(PayloadField field) const { return payloads[Index(field)]; }
  [[nodiscard]] Payload& payload(PayloadField field) { return payloads[Index(field)]; }
};

}  // namespace bullmq_exporter
