#include "exporter/bullmq/job_decoder.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace bullmq_exporter {
namespace {

enum PlainField : std::size_t {
  kName,
  kTimestamp,
  kProcessedOn,
  kFinishedOn,
  kAttemptsMade,
  kAttempts,
};

// The number that a text begins with.
std::optional<std::int64_t> ParseInt(const Reply& reply) {
  if (!reply.is_string()) return std::nullopt;
  std::string_view text = reply.text;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view PayloadFieldName(PayloadField field) {
  switch (field) {
    case PayloadField::kData: return "data";
    case PayloadField::kReturnValue: return "returnvalue";
    case PayloadField::kFailedReason: return "failedReason";
    case PayloadField::kStacktrace: return "stacktrace";
  }
  return "";
}

std::optional<Job> DecodeJob(std::span<Reply> values, std::span<const PayloadField> read) {
  if (std::all_of(values.begin(), values.end(), [](const Reply& r) { return r.is_nil(); })) {
    return std::nullopt;
  }
  Job job;
  job.name = std::move(values[kName].text);
  job.timestamp_ms = ParseInt(values[kTimestamp]);
  job.processed_on_ms = ParseInt(values[kProcessedOn]);
  job.finished_on_ms = ParseInt(values[kFinishedOn]);
  const bool has_attempts_made = values[kAttemptsMade].is_string();
  job.attempts_made = ParseInt(values[has_attempts_made ? kAttemptsMade : kAttempts]).value_or(0);
  for (std::size_t i = 0; i < read.size(); ++i) {
    Reply& value = values[kPlainJobFields.size() + i];
    if (value.is_string()) job.payload(read[i]).text = std::move(value.text);
  }
  return job;
}

}  // namespace bullmq_exporter
