#include "exporter/metrics/sample_writer.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(SampleWriterTest, LabelsAreJoined) {
  std::string text;
  SampleWriter out(text);
  out.Begin("x", {});
  out.Count(1);
  out.Count(2, {{"a", "b"}});
  out.Begin("y", "r=\"1\",q=\"2\"");
  out.Count(3);
  out.Count(4, {{"a", "b\""}, {"c", ""}});
  EXPECT_EQ(text,
            "x 1\n"
            "x{a=\"b\"} 2\n"
            "y{r=\"1\",q=\"2\"} 3\n"
            "y{r=\"1\",q=\"2\",a=\"b\\\"\",c=\"\"} 4\n");
}

TEST(SampleWriterTest, KindsOfValues) {
  std::string text;
  SampleWriter out(text);
  out.Begin("x", {});
  out.Count(-5);
  out.Flag(true);
  out.Flag(false);
  out.Number(0.5);
  out.TimeMs(1500);
  EXPECT_EQ(text, "x -5\nx 1\nx 0\nx 0.5\nx 1.5\n");
}

TEST(SampleWriterTest, AbsentValuesMakeNoLine) {
  std::string text;
  SampleWriter out(text);
  out.Begin("x", {});
  out.Count({});
  out.Flag({}, {{"a", "b"}});
  out.Number({});
  out.TimeMs({});
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace bullmq_exporter
