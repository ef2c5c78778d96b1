#include "exporter/metrics/text_format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "exporter/base/label_value.h"
#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

TEST(TextFormatTest, LabelsAreEscaped) {
  struct Case {
    std::string bytes;
    std::string label;
  };
  const Case cases[] = {
      {"", R"(queue="")"},
      {"emails", R"(queue="emails")"},
      {"a:b {c}", R"(queue="a:b {c}")"},
      {"line\nfeed", R"(queue="line\nfeed")"},
      {"say \"hi\"", R"(queue="say \"hi\"")"},
      {R"(C:\new)", R"(queue="C:\\new")"},
      {"\"\\\n", R"(queue="\"\\\n")"},
      {"tab\tcr\r", "queue=\"tab\tcr\r\""},
      {"café 😀", R"(queue="café 😀")"},
      {"caf\xE9", R"(queue="caf\\xE9")"},
      {R"(caf\xE9)", R"(queue="caf\\x5CxE9")"},
      {std::string("nul\0!", 5), R"(queue="nul\\x00!")"},
  };
  for (const Case& c : cases) {
    std::string out = "before ";
    AppendLabel("queue", c.bytes, out);
    EXPECT_EQ(out, "before " + c.label);
  }
}

TEST(TextFormatTest, LongLabelsAreShortened) {
  const std::string longest(kMaxLabelValueBytes, 'q');
  std::string out;
  AppendLabel("queue", longest, out);
  EXPECT_EQ(out, "queue=\"" + longest + "\"");
  for (const char byte : {'q', '"', '\0', '\xFF'}) {
    out.clear();
    AppendLabel("queue", std::string(65536, byte), out);
    EXPECT_LE(out.size(), 2 * kMaxLabelValueBytes + 10);
    EXPECT_TRUE(IsValidUtf8(out));
  }
}

TEST(TextFormatTest, EveryByteGivesALineThatEndsWhereItShould) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string out;
    AppendLabel("queue", std::string(1, static_cast<char>(byte)), out);
    ASSERT_TRUE(out.starts_with("queue=\"") && out.ends_with("\""));
    const std::string value = out.substr(7, out.size() - 8);
    EXPECT_TRUE(IsValidUtf8(value));
    EXPECT_EQ(value.find('\n'), std::string::npos);
    EXPECT_EQ(value.find('\0'), std::string::npos);
    std::size_t i = 0;
    for (; i < value.size(); ++i) {
      EXPECT_NE(value[i], '"');
      if (value[i] == '\\') ++i;  // and what it escapes
    }
    EXPECT_EQ(i, value.size()) << "a backslash escapes the closing quote, byte " << byte;
  }
}

TEST(TextFormatTest, AppendLabelTextEscapesAndNothingMore) {
  std::string out;
  AppendLabelText("redis", LabelText("\xE9\"\n"), out);
  EXPECT_EQ(out, R"(redis="\\xE9\"\n")");
}

TEST(TextFormatTest, Integers) {
  for (const auto& [value, text] :
       {std::pair<std::int64_t, const char*>{0, "0"},
        {-7, "-7"},
        {9007199254740993, "9007199254740993"},
        {std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"}}) {
    std::string out;
    AppendValue(value, out);
    EXPECT_EQ(out, text);
  }
}

TEST(TextFormatTest, Doubles) {
  for (const auto& [value, text] : {std::pair<double, const char*>{0, "0"},
                                    {0.25, "0.25"},
                                    {1764000002.5, "1764000002.5"},
                                    {1e22, "1e+22"},
                                    {std::nan(""), "NaN"},
                                    {std::numeric_limits<double>::infinity(), "+Inf"},
                                    {-std::numeric_limits<double>::infinity(), "-Inf"}}) {
    std::string out;
    AppendValue(value, out);
    EXPECT_EQ(out, text);
  }
}

TEST(TextFormatTest, MillisecondsAsSeconds) {
  for (const auto& [milliseconds, text] :
       {std::pair<std::int64_t, const char*>{0, "0"},
        {1, "0.001"},
        {20, "0.02"},
        {300, "0.3"},
        {1000, "1"},
        {1764000000123, "1764000000.123"},
        {1764000000120, "1764000000.12"},
        {1764000000003, "1764000000.003"},
        {-1, "-0.001"},
        {-1500, "-1.5"},
        {-2000, "-2"},
        {std::numeric_limits<std::int64_t>::min(), "-9223372036854775.808"}}) {
    std::string out;
    AppendMillisecondsAsSeconds(milliseconds, out);
    EXPECT_EQ(out, text);
  }
}

TEST(TextFormatTest, BucketBounds) {
  for (const auto& [bound, text] : {std::pair<double, const char*>{0.0005, "0.0005"},
                                    {1, "1.0"},
                                    {2.5, "2.5"},
                                    {10, "10.0"},
                                    {std::numeric_limits<double>::infinity(), "+Inf"}}) {
    std::string out;
    AppendBucketBound(bound, out);
    EXPECT_EQ(out, text);
  }
}

TEST(TextFormatTest, Headers) {
  const MetricFamily gauge{"x_jobs", MetricType::kGauge, "A \"quoted\" path\\with\nlines."};
  const MetricFamily counter{"x_ids_total", MetricType::kCounter, "Ids."};
  const MetricFamily histogram{"x_seconds", MetricType::kHistogram, "Time."};
  struct Case {
    ExpositionFormat format;
    const MetricFamily& family;
    const char* text;
  };
  const Case cases[] = {
      {ExpositionFormat::kText, gauge,
       "# HELP x_jobs A \"quoted\" path\\\\with\\nlines.\n# TYPE x_jobs gauge\n"},
      {ExpositionFormat::kOpenMetrics, gauge,
       "# HELP x_jobs A \\\"quoted\\\" path\\\\with\\nlines.\n# TYPE x_jobs gauge\n"},
      {ExpositionFormat::kText, counter, "# HELP x_ids_total Ids.\n# TYPE x_ids_total counter\n"},
      {ExpositionFormat::kOpenMetrics, counter, "# HELP x_ids Ids.\n# TYPE x_ids counter\n"},
      {ExpositionFormat::kOpenMetrics, histogram,
       "# HELP x_seconds Time.\n# TYPE x_seconds histogram\n"},
  };
  for (const Case& c : cases) {
    std::string out;
    AppendFamilyHeader(c.format, c.family, out);
    EXPECT_EQ(out, c.text);
  }
}

TEST(TextFormatTest, ContentTypes) {
  EXPECT_EQ(ContentType(ExpositionFormat::kText), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(ContentType(ExpositionFormat::kOpenMetrics),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

}  // namespace
}  // namespace bullmq_exporter
