#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// The times of one job's hash that tell since when it is ready or running.

// Appends HMGET of the times and HSTRLEN of `opts`; returns the index of the first.
std::size_t AddJobTimes(Pipeline& pipeline, std::string_view job_key);

struct JobTimes {
  std::optional<std::int64_t> timestamp_ms;
  std::optional<std::int64_t> processed_on_ms;
  bool attempted = false;  // an attempt began before
  std::int64_t opts_bytes = 0;
};

// Reads the replies that begin at `first`. A hash that is gone or unreadable has no times.
[[nodiscard]] JobTimes ReadJobTimes(const Replies& replies, std::size_t first);

// Since when a waiting job could have been taken: `timestamp` plus the delay it was added with
// (`opts.delay`; the hash's own `delay` becomes 0 when the job falls due). Of a job that was
// attempted before it is `processedOn`, a bound; nothing where that is gone, for when it came back
// stands nowhere.
[[nodiscard]] std::optional<std::int64_t> ReadyTime(const JobTimes& times, std::int64_t delay_ms);

// Whether ReadyTime needs the delay in `opts`.
[[nodiscard]] bool NeedsDelay(const JobTimes& times);

// `delay` of a job's `opts` in ms; 0 where it has none or the text is no JSON object.
[[nodiscard]] std::int64_t DelayOfOpts(std::string_view opts_json);

}  // namespace bullmq_exporter
