#include "exporter/inspect/job_json.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/utf8.h"
#include "exporter/inspect/json_scanner.h"

namespace bullmq_exporter {
namespace {

// Of Open Archiver's jobs: shown beside `data` as well.
constexpr std::string_view kSourceMember = "ingestionSourceId";

std::string_view MemberName(PayloadField field) {
  switch (field) {
    case PayloadField::kData: return "data";
    case PayloadField::kReturnValue: return "returnValue";
    case PayloadField::kFailedReason: return "failedReason";
    case PayloadField::kStacktrace: return "stacktrace";
  }
  return "";
}

// A payload that should be JSON.
class JsonPayload {
 public:
  explicit JsonPayload(const Payload& payload, std::string_view member = {})
      : withheld_(payload.withheld_bytes > 0) {
    if (withheld_ || !payload.text || payload.text->empty()) return;
    text_ = *payload.text;
    // As Node does when it reads the reply, before it parses.
    if (!IsValidUtf8(text_)) text_ = repaired_ = ReplaceInvalidUtf8(text_);
    scanned_ = ScanJson(text_, member);
  }
  JsonPayload(const JsonPayload&) = delete;
  JsonPayload& operator=(const JsonPayload&) = delete;

  [[nodiscard]] bool is_unparsed() const { return !text_.empty() && !scanned_; }
  [[nodiscard]] bool is_array() const { return scanned_ && scanned_->is_array; }
  [[nodiscard]] std::string_view member() const {
    return scanned_ ? scanned_->member : std::string_view();
  }
  [[nodiscard]] std::string_view text() const { return text_; }

  // `absent`: what stands for a payload that the job does not have.
  void Write(JsonWriter& json, std::string_view absent) const {
    if (withheld_) return json.Null();
    if (text_.empty()) return json.Raw(absent);
    if (!scanned_) return json.Text(text_);
    json.Raw(text_);
  }

 private:
  bool withheld_;
  std::string_view text_;
  std::string repaired_;
  std::optional<ScannedJson> scanned_;
};

void WriteTime(JsonWriter& json, std::string_view key, std::optional<std::int64_t> time) {
  if (!time) return;
  json.Key(key);
  json.Integer(*time);
}

void WriteReason(JsonWriter& json, std::string_view key, const Payload& reason) {
  if (reason.withheld_bytes > 0) {
    json.Key(key);
    json.Null();
  } else if (reason.text && !reason.text->empty()) {
    json.Key(key);
    json.Text(*reason.text);
  }
}

void WriteStacktrace(JsonWriter& json, const Payload& payload) {
  json.Key("stacktrace");
  const JsonPayload stacktrace(payload);
  // What is no array is no stack trace: BullMQ's getTraces.
  json.Raw(stacktrace.is_array() ? stacktrace.text() : "[]");
}

void WriteUnparsed(JsonWriter& json, const JsonPayload& data, const JsonPayload& return_value) {
  if (!data.is_unparsed() && !return_value.is_unparsed()) return;
  json.Key("unparsed");
  json.StartArray();
  if (data.is_unparsed()) json.Text(MemberName(PayloadField::kData));
  if (return_value.is_unparsed()) json.Text(MemberName(PayloadField::kReturnValue));
  json.EndArray();
}

void WriteTruncated(JsonWriter& json, const Job& job) {
  bool started = false;
  for (const PayloadField field : kPayloadFields) {
    const std::int64_t bytes = job.payload(field).withheld_bytes;
    if (bytes == 0) continue;
    if (!started) {
      json.Key("truncated");
      json.StartObject();
      started = true;
    }
    json.Key(MemberName(field));
    json.Integer(bytes);
  }
  if (started) json.EndObject();
}

}  // namespace

void WriteJobCounts(JsonWriter& json, const JobCounts& counts) {
  // Those of the Jobs API that is mirrored, in its order.
  constexpr std::array kShown = {JobState::kActive,  JobState::kCompleted, JobState::kFailed,
                                 JobState::kDelayed, JobState::kWaiting,   JobState::kPaused};
  json.StartObject();
  for (const JobState state : kShown) {
    json.Key(JobStateName(state));
    json.Integer(counts[Index(state)]);
  }
  json.EndObject();
}

void WriteJob(JsonWriter& json, const Job& job) {
  const JsonPayload data(job.payload(PayloadField::kData), kSourceMember);
  const JsonPayload return_value(job.payload(PayloadField::kReturnValue));
  const Payload& reason = job.payload(PayloadField::kFailedReason);
  json.StartObject();
  json.Key("id");
  json.Name(job.id);
  json.Key("name");
  json.Text(job.name);
  json.Key("data");
  data.Write(json, "{}");
  json.Key("state");
  json.Text(JobStateName(job.state));
  WriteReason(json, "failedReason", reason);
  json.Key("timestamp");
  if (job.timestamp_ms) {
    json.Integer(*job.timestamp_ms);
  } else {
    json.Null();
  }
  WriteTime(json, "processedOn", job.processed_on_ms);
  WriteTime(json, "finishedOn", job.finished_on_ms);
  json.Key("attemptsMade");
  json.Integer(job.attempts_made);
  WriteStacktrace(json, job.payload(PayloadField::kStacktrace));
  json.Key("returnValue");
  return_value.Write(json, "null");
  if (!data.member().empty()) {
    json.Key(kSourceMember);
    json.Raw(data.member());
  }
  if (job.state == JobState::kFailed) WriteReason(json, "error", reason);
  WriteUnparsed(json, data, return_value);
  WriteTruncated(json, job);
  json.EndObject();
}

}  // namespace bullmq_exporter
