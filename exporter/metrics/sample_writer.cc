#include "exporter/metrics/sample_writer.h"

#include "exporter/metrics/text_format.h"

namespace bullmq_exporter {

void SampleWriter::Count(std::optional<std::int64_t> value, Labels labels) {
  if (!value) return;
  BeginLine(labels);
  AppendValue(*value, out_);
  out_.push_back('\n');
}

void SampleWriter::Flag(std::optional<bool> value, Labels labels) {
  if (!value) return;
  BeginLine(labels);
  out_.append(*value ? "1\n" : "0\n");
}

void SampleWriter::Number(std::optional<double> value, Labels labels) {
  if (!value) return;
  BeginLine(labels);
  AppendValue(*value, out_);
  out_.push_back('\n');
}

void SampleWriter::TimeMs(std::optional<std::int64_t> milliseconds, Labels labels) {
  if (!milliseconds) return;
  BeginLine(labels);
  AppendMillisecondsAsSeconds(*milliseconds, out_);
  out_.push_back('\n');
}

void SampleWriter::BeginLine(Labels labels) {
  out_.append(name_);
  if (!labels_.empty() || labels.size() > 0) {
    out_.push_back('{');
    out_.append(labels_);
    bool first = labels_.empty();
    for (const ExtraLabel& label : labels) {
      if (!first) out_.push_back(',');
      first = false;
      AppendLabel(label.name, label.value, out_);
    }
    out_.push_back('}');
  }
  out_.push_back(' ');
}

}  // namespace bullmq_exporter
