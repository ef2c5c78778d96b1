#include "exporter/config/yaml_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

// Reads `text` by `read` and returns what was found wrong.
std::vector<std::string> Read(std::string_view text,
                              const std::function<void(YamlMapping&)>& read) {
  FileFaults faults("f.yaml");
  const auto root = ParseYaml(text, faults);
  if (root) {
    YamlMapping mapping(*root, "", faults);
    read(mapping);
  }
  return faults.Lines();
}

TEST(YamlMappingTest, ReadsEachType) {
  EXPECT_THAT(Read("t: 5\nb: true\ni: 0123\nl: [x, 1]\nm: {k: v}\nn:\n",
                   [](YamlMapping& m) {
                     EXPECT_THAT(m.Text("t"), Optional(std::string("5")));
                     EXPECT_THAT(m.Bool("b"), Optional(true));
                     EXPECT_THAT(m.Integer("i"), Optional(123));
                     EXPECT_THAT(m.TextList("l"), Optional(ElementsAre("x", "1")));
                     EXPECT_THAT(m.Mapping("m")->Text("k"), Optional(std::string("v")));
                     EXPECT_EQ(m.Mapping("n")->Text("k"), std::nullopt);
                     EXPECT_EQ(m.Text("absent"), std::nullopt);
                     m.RefuseUnknownKeys();
                   }),
              IsEmpty());
}

TEST(YamlMappingTest, WrongTypesSayWhatIsAllowed) {
  EXPECT_THAT(
      Read("t: [a]\nb: yes\nq: \"5\"\nh: 0x10\nbig: 99999999999999999999\nnegative: -1\nl: word\n"
           "items: [a, {b: c}]\nnone:\nm: text\n",
           [](YamlMapping& m) {
             EXPECT_EQ(m.Text("t"), std::nullopt);
             EXPECT_EQ(m.Bool("b"), std::nullopt);
             EXPECT_EQ(m.Integer("q"), std::nullopt);
             EXPECT_EQ(m.Integer("h"), std::nullopt);
             EXPECT_EQ(m.Integer("big"), std::nullopt);
             EXPECT_EQ(m.Integer("negative"), std::nullopt);
             EXPECT_EQ(m.TextList("l"), std::nullopt);
             EXPECT_EQ(m.TextList("items"), std::nullopt);
             EXPECT_EQ(m.Text("none"), std::nullopt);
             (void)m.Mapping("m");
           }),
      ElementsAre("f.yaml:1:4: t: needs text, found a list",
                  "f.yaml:2:4: b: needs true or false, found \"yes\"",
                  "f.yaml:3:4: q: needs a whole number, found \"5\"",
                  "f.yaml:4:4: h: needs a whole number, found \"0x10\"",
                  "f.yaml:5:6: big: needs a whole number, found \"99999999999999999999\"",
                  "f.yaml:6:11: negative: needs a whole number, found \"-1\"",
                  "f.yaml:7:4: l: needs a list, such as [a, b], found a single value",
                  "f.yaml:8:12: items[1]: needs text, found a mapping",
                  "f.yaml:9:1: none: needs text, found nothing",
                  "f.yaml:10:4: m: needs a mapping (key: value), found a single value"));
}

TEST(YamlMappingTest, UnknownKeysAreRefusedWithWhatIsNearOrKnown) {
  const auto read = [](YamlMapping& m) {
    auto poll = m.Mapping("poll");
    if (poll) {
      (void)poll->Text("interval");
      (void)poll->Text("timeout");
      poll->RefuseUnknownKeys();
    }
    m.RefuseUnknownKeys();
  };
  EXPECT_THAT(
      Read("poll: {intervall: 5s, x: 1}\npol: 1\n", read),
      ElementsAre("f.yaml:1:8: unknown key \"intervall\" in poll; did you mean \"interval\"?",
                  "f.yaml:1:23: unknown key \"x\" in poll; known are interval, timeout",
                  "f.yaml:2:1: unknown key \"pol\"; did you mean \"poll\"?"));
}

TEST(YamlMappingTest, MissingKeysAndAFileThatIsNoMapping) {
  EXPECT_THAT(Read("a: 1\n", [](YamlMapping& m) { EXPECT_FALSE(m.Require("b")); }),
              ElementsAre("f.yaml:1:1: b: is missing"));
  EXPECT_THAT(Read("[1]\n", [](YamlMapping& m) { EXPECT_EQ(m.Text("b"), std::nullopt); }),
              ElementsAre("f.yaml:1:1: the file: needs a mapping (key: value), found a list"));
}

TEST(YamlMappingTest, QuotedTextCannotForgeALine) {
  EXPECT_EQ(Quoted("a\"b\nc\x01"), "\"a\\\"b\\x0Ac\\x01\"");
  EXPECT_EQ(Quoted(std::string(100, 'x')), "\"" + std::string(60, 'x') + "…\"");
}

}  // namespace
}  // namespace bullmq_exporter
