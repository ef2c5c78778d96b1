#include "exporter/bullmq/job_times.h"

#include <rapidjson/document.h>

#include <cmath>

namespace bullmq_exporter {
namespace {

// Options are a few hundred bytes; what is beyond this is not read for the sake of an age.
constexpr std::int64_t kMaxOptsBytes = std::int64_t{64} * 1024;

bool IsPositive(const Reply& field) { return field.AsInteger().value_or(0) > 0; }

}  // namespace

std::size_t AddJobTimes(Pipeline& pipeline, std::string_view job_key) {
  const std::size_t first = pipeline.Add(
      Route::kKey, {"HMGET", job_key, "timestamp", "processedOn", "attemptsMade", "atm", "ats"});
  pipeline.Add(Route::kKey, {"HSTRLEN", job_key, "opts"});
  return first;
}

JobTimes ReadJobTimes(const Replies& replies, std::size_t first) {
  JobTimes times;
  const Reply& fields = replies[first];
  if (fields.elements.size() != 5) return times;
  times.timestamp_ms = fields.elements[0].AsInteger();
  times.processed_on_ms = fields.elements[1].AsInteger();
  times.attempted = IsPositive(fields.elements[2]) || IsPositive(fields.elements[3]) ||
                    IsPositive(fields.elements[4]);
  times.opts_bytes = replies[first + 1].AsInteger().value_or(0);
  return times;
}

std::optional<std::int64_t> ReadyTime(const JobTimes& times, std::int64_t delay_ms) {
  if (times.processed_on_ms) return times.processed_on_ms;
  if (times.attempted || !times.timestamp_ms) return std::nullopt;
  return *times.timestamp_ms + delay_ms;
}

bool NeedsDelay(const JobTimes& times) {
  return !times.processed_on_ms && !times.attempted && times.timestamp_ms && times.opts_bytes > 2 &&
         times.opts_bytes <= kMaxOptsBytes;
}

std::int64_t DelayOfOpts(std::string_view opts_json) {
  rapidjson::Document opts;
  // Iterative: text of another's making may be nested as deep as it is long.
  opts.Parse<rapidjson::kParseIterativeFlag>(opts_json.data(), opts_json.size());
  if (opts.HasParseError() || !opts.IsObject()) return 0;
  const auto delay = opts.FindMember("delay");
  if (delay == opts.MemberEnd() || !delay->value.IsNumber()) return 0;
  const double ms = delay->value.GetDouble();
  constexpr double kLongest = 1e15;  // beyond any date that a clock shows
  return ms > 0 && ms < kLongest ? static_cast<std::int64_t>(ms) : 0;
}

}  // namespace bullmq_exporter
