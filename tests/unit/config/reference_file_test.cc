// config/exporter.yaml is the reference of the file: it must have every key, with the defaults.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "exporter/base/read_file.h"
#include "exporter/config/configuration.h"
#include "exporter/config/flags.h"
#include "exporter/config/loader.h"

namespace bullmq_exporter {
namespace {

using ::testing::IsEmpty;

constexpr char kFile[] = BULLMQ_EXPORTER_SOURCE_DIR "/config/exporter.yaml";

std::string ReferenceText() { return ReadFile(kFile, 100000).value(); }

// The file with its commented keys (`#key: value`, where prose has a space after the #).
std::string WithCommentedKeys() {
  std::istringstream lines(ReferenceText());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t hash = line.find_first_not_of(' ');
    if (hash != std::string::npos && line[hash] == '#' && hash + 1 < line.size() &&
        line[hash + 1] >= 'a' && line[hash + 1] <= 'z') {
      line.erase(hash, 1);
    }
    text += line + "\n";
  }
  return text;
}

// The keys that a mapping may have, as the program names them when it meets one that it does not
// know.
std::set<std::string> KnownKeys(const std::string& text_with_unknown_key) {
  FileFaults faults("f");
  (void)LoadConfig(text_with_unknown_key, faults);
  std::set<std::string> keys;
  for (const std::string& line : faults.Lines()) {
    const std::size_t known = line.find("; known are ");
    if (known == std::string::npos) continue;
    std::istringstream names(line.substr(known + 12));
    for (std::string name; names >> name;) {
      if (name.ends_with(',')) name.pop_back();
      keys.insert(name);
    }
  }
  return keys;
}

std::set<std::string> KeysOf(const YamlValue& mapping) {
  std::set<std::string> keys;
  for (const auto& entry : mapping.entries) keys.insert(entry.key);
  return keys;
}

TEST(ReferenceFileTest, HasTheDefaults) {
  EXPECT_THAT(CheckConfigFile(kFile), IsEmpty());
  FileFaults faults(kFile);
  EXPECT_EQ(LoadConfig(ReferenceText(), faults).config, Config{});
}

TEST(ReferenceFileTest, HasEveryKey) {
  FileFaults faults(kFile);
  const LoadedFile loaded = LoadConfig(WithCommentedKeys(), faults);
  ASSERT_THAT(faults.Lines(), IsEmpty());
  const YamlValue& root = loaded.root;
  const YamlValue& target = root.Find("redis")->items.at(0);
  const struct {
    const char* text;
    const YamlValue* mapping;
  } mappings[] = {
      {"{qqqqqqqqqqqq: 1}", &root},
      {"redis: [{qqqqqqqqqqqq: 1}]", &target},
      {"redis: [{tls: {qqqqqqqqqqqq: 1}}]", target.Find("tls")},
      {"redis: [{queues: {qqqqqqqqqqqq: 1}}]", target.Find("queues")},
      {"poll: {qqqqqqqqqqqq: 1}", root.Find("poll")},
      {"discovery: {qqqqqqqqqqqq: 1}", root.Find("discovery")},
      {"failures: {qqqqqqqqqqqq: 1}", root.Find("failures")},
      {"metrics: {qqqqqqqqqqqq: 1}", root.Find("metrics")},
      {"web: {qqqqqqqqqqqq: 1}", root.Find("web")},
      {"api: {qqqqqqqqqqqq: 1}", root.Find("api")},
      {"log: {qqqqqqqqqqqq: 1}", root.Find("log")},
  };
  for (const auto& m : mappings) {
    const std::set<std::string> known = KnownKeys(m.text);
    EXPECT_FALSE(known.empty()) << m.text;
    EXPECT_EQ(KeysOf(*m.mapping), known) << m.text;
  }
}

TEST(ReferenceFileTest, EveryFlagHasItsKey) {
  FileFaults faults(kFile);
  const LoadedFile loaded = LoadConfig(WithCommentedKeys(), faults);
  for (const Flag& flag : Flags()) {
    if (flag.path.empty()) continue;
    const std::string path(flag.path);
    const std::string parent = path.substr(0, path.rfind('.'));
    const FilePosition position = loaded.root.Locate(path);
    EXPECT_NE(position, loaded.root.Locate(parent)) << flag.name;
  }
}

}  // namespace
}  // namespace bullmq_exporter
