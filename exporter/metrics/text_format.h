#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/metrics/metric_family.h"

// The parts of Prometheus' text format 0.0.4 and of OpenMetrics 1.0. Lines of samples are the same
// in both; only HELP, TYPE and the end differ. All append to `out`; all are pure and thread-safe.
namespace bullmq_exporter {

enum class ExpositionFormat { kText, kOpenMetrics };

// For Content-Type.
[[nodiscard]] std::string_view ContentType(ExpositionFormat format);

// The `# HELP` and `# TYPE` lines. In OpenMetrics a counter's family is named without `_total`.
void AppendFamilyHeader(ExpositionFormat format, const MetricFamily& family, std::string& out);

// `name="value"`. `bytes` is shown as LabelText shows it, then escaped for the format.
void AppendLabel(std::string_view name, std::string_view bytes, std::string& out);

// The same for a value that LabelText has made: it is escaped for the format and nothing more.
void AppendLabelText(std::string_view name, std::string_view text, std::string& out);

// What stands after the labels.
void AppendValue(std::int64_t value, std::string& out);
void AppendValue(double value,
                 std::string& out);  // shortest that reads back the same; NaN, +Inf, -Inf

// Milliseconds as seconds, exactly: 1500 → `1.5`.
void AppendMillisecondsAsSeconds(std::int64_t milliseconds, std::string& out);

// A bucket's bound as both formats take it (`0.0005`, `1.0`, `+Inf`), so that its series does not
// change with the format that was asked for.
void AppendBucketBound(double bound, std::string& out);

}  // namespace bullmq_exporter
