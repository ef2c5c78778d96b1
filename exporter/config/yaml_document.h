#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// YAML files of ours (configuration, API keys): a plain tree in which each value knows where it
// stands, so that every message can name a line and a column. What YAML allows and nobody needs in
// such a file (anchors, aliases, tags, several documents, keys that are no text) is refused, and so
// is a key that stands twice in a mapping.
namespace bullmq_exporter {

// Where something stands in a file; both count from 1.
struct FilePosition {
  int line = 1;
  int column = 1;
  friend auto operator<=>(const FilePosition&, const FilePosition&) = default;
};

// The faults found in one file. The first kMaxFaults are kept, the others are counted.
class FileFaults {
 public:
  static constexpr std::size_t kMaxFaults = 100;

  explicit FileFaults(std::string file) : file_(std::move(file)) {}

  // `path` is the setting that could not be read, such as `redis[0].addr`, where it is one.
  void Add(FilePosition position, std::string_view message, std::string_view path = {});
  [[nodiscard]] bool empty() const { return faults_.empty(); }
  [[nodiscard]] const std::string& file() const { return file_; }
  // Whether the setting, a part of it or what it is a part of could not be read.
  [[nodiscard]] bool IsAbout(std::string_view path) const;
  // `FILE:LINE:COLUMN: message` for each, in the order of the file, without line ends.
  [[nodiscard]] std::vector<std::string> Lines() const;

 private:
  struct Fault {
    FilePosition position;
    std::string message;
  };
  std::string file_;
  std::vector<Fault> faults_;
  std::vector<std::string> paths_;
  std::size_t not_kept_ = 0;
};

// A value of a YAML file. Plain data: may be copied and outlives the text that it was read from.
class YamlValue {
 public:
  enum class Kind { kNull, kScalar, kSequence, kMapping };
  struct Entry;

  Kind kind = Kind::kNull;
  FilePosition position;
  std::string text;              // kScalar: after quotes and escapes are resolved
  bool quoted = false;           // kScalar: "5" is text, 5 may be a number
  std::vector<YamlValue> items;  // kSequence
  std::vector<Entry> entries;    // kMapping, in the order of the file, each key once

  // The value of a key of a mapping; nullptr where there is none.
  [[nodiscard]] const YamlValue* Find(std::string_view key) const;
  // The place that a path such as `redis[0].prefixes[1]` names, as far as it exists: of the value,
  // or of the last one on the way to it.
  [[nodiscard]] FilePosition Locate(std::string_view path) const;
};

struct YamlValue::Entry {
  std::string key;
  FilePosition key_position;
  YamlValue value;
};

struct YamlLimits {
  std::size_t max_bytes = 1u << 20;
  std::size_t max_depth = 32;
  std::size_t max_values = 200000;
};

// Parses a file of one document; an empty one is kNull. Nothing where it cannot be read as YAML;
// then, and for each key that stands twice (of which the first is kept), `faults` says why. Never
// throws. The text has to be UTF-8.
[[nodiscard]] std::optional<YamlValue> ParseYaml(std::string_view text, FileFaults& faults,
                                                 const YamlLimits& limits = {});

}  // namespace bullmq_exporter
