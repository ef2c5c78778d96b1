#include "exporter/config/yaml_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

YamlValue Parsed(std::string_view text) {
  FileFaults faults("f.yaml");
  const auto value = ParseYaml(text, faults);
  EXPECT_TRUE(value.has_value()) << text;
  EXPECT_THAT(faults.Lines(), SizeIs(0)) << text;
  return value.value_or(YamlValue{});
}

std::vector<std::string> FaultsOf(std::string_view text, const YamlLimits& limits = {}) {
  FileFaults faults("f.yaml");
  (void)ParseYaml(text, faults, limits);
  return faults.Lines();
}

TEST(YamlDocumentTest, KeepsTextQuotesAndPlaces) {
  const YamlValue root = Parsed("a: 0123\nb:\n  - 'yes'\n  - {c: ~}\n");
  ASSERT_EQ(root.kind, YamlValue::Kind::kMapping);
  EXPECT_EQ(root.Find("a")->text, "0123");
  EXPECT_FALSE(root.Find("a")->quoted);
  EXPECT_EQ(root.Find("a")->position, (FilePosition{1, 4}));
  const YamlValue& list = *root.Find("b");
  ASSERT_THAT(list.items, SizeIs(2));
  EXPECT_EQ(list.items[0].text, "yes");
  EXPECT_TRUE(list.items[0].quoted);
  EXPECT_EQ(list.items[0].position, (FilePosition{3, 5}));
  EXPECT_EQ(list.items[1].entries[0].key_position, (FilePosition{4, 6}));
  EXPECT_EQ(list.items[1].Find("c")->kind, YamlValue::Kind::kNull);
  EXPECT_EQ(root.Find("d"), nullptr);
}

TEST(YamlDocumentTest, AnEmptyFileIsNull) {
  for (const char* text : {"", "\n\n", "# only words\n", "---\n"}) {
    EXPECT_EQ(Parsed(text).kind, YamlValue::Kind::kNull) << text;
  }
}

TEST(YamlDocumentTest, LocatesPathsAsFarAsTheyExist) {
  const YamlValue root = Parsed("redis:\n  - name: a\n    prefixes: [x, y]\n");
  EXPECT_EQ(root.Locate("redis[0].prefixes[1]"), (FilePosition{3, 19}));
  EXPECT_EQ(root.Locate("redis[0].prefixes"), (FilePosition{3, 15}));
  EXPECT_EQ(root.Locate("redis[0].tls.ca_file"), (FilePosition{2, 5}));
  EXPECT_EQ(root.Locate("redis[7]"), (FilePosition{2, 3}));
  EXPECT_EQ(root.Locate("poll.interval"), (FilePosition{1, 1}));
}

TEST(YamlDocumentTest, EveryRefusalNamesItsPlace) {
  const struct {
    const char* text;
    const char* line;
  } cases[] = {
      {"a: 1\nb: 2\na: 3\n", "f.yaml:3:1: key \"a\" stands twice, first in line 1"},
      {"a: {x: 1, x: 2}\n", "f.yaml:1:11: key \"x\" stands twice, first in line 1"},
      {"a: &n 1\n", "f.yaml:1:4: anchors (&name) are not supported; write the value out"},
      {"a: !!str 1\n", "f.yaml:1:4: tags (!name) are not supported"},
      {"? [a]\n: 1\n", "f.yaml:1:3: a key has to be text"},
      {"~: 1\n", "f.yaml:1:1: a key has to be text"},
      {"a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document; one is allowed"},
      {"a: 1\n\xff: 2\n", "f.yaml:2:1: this line is not UTF-8"},
  };
  for (const auto& c : cases) EXPECT_THAT(FaultsOf(c.text), ElementsAre(c.line)) << c.text;
  EXPECT_THAT(FaultsOf(std::string_view("a: \0\n", 5)),
              ElementsAre("f.yaml:1:4: a NUL byte; the file has to be text"));
}

TEST(YamlDocumentTest, BrokenYamlIsOneFaultWithItsPlace) {
  EXPECT_THAT(FaultsOf("a: [1, 2\nb: 3\n"), ElementsAre(::testing::StartsWith("f.yaml:2:")));
  EXPECT_THAT(FaultsOf("a: 1\n\tb: 2\n"), ElementsAre(HasSubstr(": not valid YAML: ")));
  EXPECT_THAT(FaultsOf("a: *nobody\n"), SizeIs(1));
}

TEST(YamlDocumentTest, AllDuplicatesAreReportedInTheOrderOfTheFile) {
  EXPECT_THAT(FaultsOf("a: 1\na: 2\nb: {c: 1, c: 2}\n"),
              ElementsAre("f.yaml:2:1: key \"a\" stands twice, first in line 1",
                          "f.yaml:3:11: key \"c\" stands twice, first in line 3"));
}

TEST(YamlDocumentTest, LimitsHold) {
  EXPECT_THAT(FaultsOf("a: [[[1]]]\n", {.max_depth = 4}), SizeIs(0));
  EXPECT_THAT(FaultsOf("a: [[[1]]]\n", {.max_depth = 3}),
              ElementsAre("f.yaml:1:6: nested deeper than 3"));
  EXPECT_THAT(FaultsOf("a: 12345\n", {.max_bytes = 8}),
              ElementsAre("f.yaml:1:1: the file has more than 8 bytes"));
  EXPECT_THAT(FaultsOf("[1, 2, 3]\n", {.max_values = 3}),
              ElementsAre("f.yaml:1:8: more than 3 values in the file"));
  EXPECT_THAT(FaultsOf(std::string(100000, '[')), SizeIs(1));
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_THAT(FaultsOf(deep), ElementsAre("f.yaml:33:33: nested deeper than 32"));
}

TEST(YamlDocumentTest, FaultsAreBounded) {
  FileFaults faults("f.yaml");
  for (int i = 0; i < 150; ++i) faults.Add({i + 1, 1}, "bad");
  ASSERT_THAT(faults.Lines(), SizeIs(FileFaults::kMaxFaults + 1));
  EXPECT_EQ(faults.Lines().back(), "f.yaml: 50 more faults are not shown");
}

}  // namespace
}  // namespace bullmq_exporter
