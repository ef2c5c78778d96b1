#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/config/yaml_document.h"

namespace bullmq_exporter {

// Reads the keys of one mapping by type. What is wrong is added to the faults, with its place and
// the full name of the setting (`poll.interval: …`); the accessor then returns nothing, as it does
// for a key that is not there. Keys that nobody asked for are unknown: ask for all, then call
// RefuseUnknownKeys(). The value and the faults must outlive the reader. Not thread-safe.
class YamlMapping {
 public:
  // `path` is the name of the mapping in messages, such as `redis[0].tls`; empty for the whole
  // file. A value that is no mapping is a fault; null is a mapping without keys.
  YamlMapping(const YamlValue& value, std::string path, FileFaults& faults);

  // The value as it stands there, null too; nullptr where the key is not there.
  [[nodiscard]] const YamlValue* Find(std::string_view key);
  // For mappings: null where nothing stands behind the key is a mapping without keys.
  [[nodiscard]] std::optional<YamlMapping> Mapping(std::string_view key);

  // Any scalar but null: 5 and true are text where text is asked for.
  [[nodiscard]] std::optional<std::string> Text(std::string_view key);
  // true or false, not quoted.
  [[nodiscard]] std::optional<bool> Bool(std::string_view key);
  // Decimal digits, not quoted; 0123 is 123. Never negative.
  [[nodiscard]] std::optional<std::int64_t> Integer(std::string_view key);
  // A list of texts; empty when it is written `[]`. A text alone is no list.
  [[nodiscard]] std::optional<std::vector<std::string>> TextList(std::string_view key);
  // The items of a list, whatever they are; nothing where it is none.
  [[nodiscard]] const std::vector<YamlValue>* Items(std::string_view key);

  // Adds a fault at the value of the key, or at the mapping where the key is not there.
  void Fault(std::string_view key, std::string_view message);
  // A fault for a key that must be there and is not; says whether it is there.
  bool Require(std::string_view key);
  // `redis[0].name`.
  [[nodiscard]] std::string PathOf(std::string_view key) const;

  // A fault for each key that was not asked for; a known one that is near is suggested.
  void RefuseUnknownKeys();

 private:
  const YamlValue* FindScalar(std::string_view key, std::string_view wanted);

  const YamlValue& value_;
  std::string path_;
  FileFaults& faults_;
  std::vector<std::string> asked_for_;
};

// `"text"` for messages: control characters escaped, cut to 60 bytes at a character.
[[nodiscard]] std::string Quoted(std::string_view text);

}  // namespace bullmq_exporter
