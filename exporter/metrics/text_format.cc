#include "exporter/metrics/text_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "exporter/base/label_value.h"

namespace bullmq_exporter {
namespace {

constexpr std::string_view kTotalSuffix = "_total";

std::string_view TypeName(MetricType type) {
  switch (type) {
    case MetricType::kCounter: return "counter";
    case MetricType::kGauge: return "gauge";
    case MetricType::kHistogram: return "histogram";
  }
  return "untyped";
}

// Both formats escape backslash and line feed in HELP; a quote in OpenMetrics alone.
void AppendHelp(ExpositionFormat format, std::string_view help, std::string& out) {
  for (const char c : help) {
    if (c == '\\')
      out.append("\\\\");
    else if (c == '\n')
      out.append("\\n");
    else if (c == '"' && format == ExpositionFormat::kOpenMetrics)
      out.append("\\\"");
    else
      out.push_back(c);
  }
}

// Bytes that stand in a label value as they are, whatever stands beside them.
bool IsPlain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

}  // namespace

std::string_view ContentType(ExpositionFormat format) {
  if (format == ExpositionFormat::kOpenMetrics) {
    return "application/openmetrics-text; version=1.0.0; charset=utf-8";
  }
  return "text/plain; version=0.0.4; charset=utf-8";
}

void AppendFamilyHeader(ExpositionFormat format, const MetricFamily& family, std::string& out) {
  std::string_view name = family.name;
  if (format == ExpositionFormat::kOpenMetrics && family.type == MetricType::kCounter &&
      name.ends_with(kTotalSuffix)) {
    name.remove_suffix(kTotalSuffix.size());
  }
  out.append("# HELP ").append(name).push_back(' ');
  AppendHelp(format, family.help, out);
  out.append("\n# TYPE ").append(name).push_back(' ');
  out.append(TypeName(family.type)).push_back('\n');
}

void AppendLabel(std::string_view name, std::string_view bytes, std::string& out) {
  if (bytes.size() <= kMaxLabelValueBytes && std::all_of(bytes.begin(), bytes.end(), IsPlain)) {
    out.append(name).append("=\"").append(bytes).push_back('"');
  } else {
    AppendLabelText(name, LabelText(bytes), out);
  }
}

void AppendLabelText(std::string_view name, std::string_view text, std::string& out) {
  out.append(name).append("=\"");
  for (const char c : text) {
    if (c == '\\')
      out.append("\\\\");
    else if (c == '\n')
      out.append("\\n");
    else if (c == '"')
      out.append("\\\"");
    else
      out.push_back(c);
  }
  out.push_back('"');
}

void AppendValue(std::int64_t value, std::string& out) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

void AppendValue(double value, std::string& out) {
  if (std::isnan(value)) {
    out.append("NaN");
  } else if (std::isinf(value)) {
    out.append(value > 0 ? "+Inf" : "-Inf");
  } else {
    std::array<char, 32> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), end);
  }
}

void AppendMillisecondsAsSeconds(std::int64_t milliseconds, std::string& out) {
  const std::int64_t seconds = milliseconds / 1000;
  std::int64_t rest = milliseconds % 1000;
  if (milliseconds < 0) {
    rest = -rest;
    if (seconds == 0) out.push_back('-');
  }
  AppendValue(seconds, out);
  if (rest == 0) return;
  out.push_back('.');
  for (std::int64_t unit = 100; rest > 0; unit /= 10) {
    out.push_back(static_cast<char>('0' + rest / unit));
    rest %= unit;
  }
}

void AppendBucketBound(double bound, std::string& out) {
  if (!std::isfinite(bound)) return AppendValue(bound, out);
  // Never scientific: 0.0005, as other exporters write it, not 5e-04. Long enough for any double.
  std::array<char, 400> digits;
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), bound, std::chars_format::fixed);
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  out.append(text);
  if (text.find('.') == std::string_view::npos) out.append(".0");
}

}  // namespace bullmq_exporter
