#include "exporter/config/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "exporter/base/utf8.h"
#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

FilePosition PositionOf(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

// Ends the parse from inside an event; never leaves this file.
struct Refusal {
  FilePosition position;
  std::string message;
};

// Builds the tree from yaml-cpp's events: its own nodes merge duplicate keys and expand aliases.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(FileFaults& faults, const YamlLimits& limits) : faults_(faults), limits_(limits) {}

  YamlValue TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) throw Refusal{PositionOf(mark), "a second document; one is allowed"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Place(Make(YamlValue::Kind::kNull, mark, "", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refusal{PositionOf(mark), "aliases (*name) are not supported; write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    YamlValue value = Make(YamlValue::Kind::kScalar, mark, tag, anchor);
    value.text = text;
    value.quoted = tag == "!";
    Place(std::move(value));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(Make(YamlValue::Kind::kSequence, mark, tag, anchor));
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(Make(YamlValue::Kind::kMapping, mark, tag, anchor));
  }
  void OnMapEnd() override { Close(); }

 private:
  struct OpenValue {
    YamlValue value;
    std::optional<std::pair<std::string, FilePosition>> key;  // of a mapping: read, its value not
    std::unordered_map<std::string, int> lines;               // of a mapping's keys
  };

  YamlValue Make(YamlValue::Kind kind, const YAML::Mark& mark, const std::string& tag,
                 YAML::anchor_t anchor) {
    YamlValue value;
    value.kind = kind;
    value.position = PositionOf(mark);
    if (anchor != 0) {
      throw Refusal{value.position, "anchors (&name) are not supported; write the value out"};
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Refusal{value.position, "tags (!name) are not supported"};
    }
    if (++values_ > limits_.max_values) {
      throw Refusal{value.position,
                    "more than " + std::to_string(limits_.max_values) + " values in the file"};
    }
    return value;
  }

  void Open(YamlValue value) {
    if (IsKeyExpected()) throw Refusal{value.position, "a key has to be text"};
    if (open_.size() >= limits_.max_depth) {
      throw Refusal{value.position, "nested deeper than " + std::to_string(limits_.max_depth)};
    }
    open_.push_back({std::move(value), std::nullopt, {}});
  }
  void Close() {
    YamlValue value = std::move(open_.back().value);
    open_.pop_back();
    Place(std::move(value));
  }

  [[nodiscard]] bool IsKeyExpected() const {
    return !open_.empty() && open_.back().value.kind == YamlValue::Kind::kMapping &&
           !open_.back().key;
  }

  void Place(YamlValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (IsKeyExpected()) {
      if (value.kind != YamlValue::Kind::kScalar) {
        throw Refusal{value.position, "a key has to be text"};
      }
      open_.back().key.emplace(std::move(value.text), value.position);
    } else if (open_.back().value.kind == YamlValue::Kind::kMapping) {
      PlaceInMapping(std::move(value));
    } else {
      open_.back().value.items.push_back(std::move(value));
    }
  }

  void PlaceInMapping(YamlValue value) {
    YamlValue& mapping = open_.back().value;
    auto taken = std::exchange(open_.back().key, std::nullopt);
    if (!taken) return;  // cannot be: Place() has seen to it
    auto& [key, position] = *taken;
    if (value.kind == YamlValue::Kind::kNull) value.position = position;  // its mark: what follows
    const auto [first, is_new] = open_.back().lines.try_emplace(key, position.line);
    if (is_new) {
      mapping.entries.push_back({std::move(key), position, std::move(value)});
      return;
    }
    faults_.Add(position, "key " + Quoted(key) + " stands twice, first in line " +
                              std::to_string(first->second));
  }

  FileFaults& faults_;
  const YamlLimits& limits_;
  std::vector<OpenValue> open_;
  YamlValue root_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

// The line and column of a byte, for what is refused before the parser sees it.
FilePosition PositionAt(std::string_view text, std::size_t offset) {
  FilePosition position;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
  }
  return position;
}

bool IsText(std::string_view text, FileFaults& faults, const YamlLimits& limits) {
  if (text.size() > limits.max_bytes) {
    faults.Add({}, "the file has more than " + std::to_string(limits.max_bytes) + " bytes");
    return false;
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    faults.Add(PositionAt(text, nul), "a NUL byte; the file has to be text");
    return false;
  }
  if (!IsValidUtf8(text)) {
    std::size_t line_start = 0;
    while (true) {
      const std::size_t line_end = std::min(text.find('\n', line_start), text.size());
      if (!IsValidUtf8(text.substr(line_start, line_end - line_start))) break;
      line_start = line_end + 1;
    }
    faults.Add(PositionAt(text, line_start), "this line is not UTF-8");
    return false;
  }
  return true;
}

}  // namespace

void FileFaults::Add(FilePosition position, std::string_view message, std::string_view path) {
  if (faults_.size() < kMaxFaults) {
    faults_.push_back({position, std::string(message)});
    if (!path.empty()) paths_.emplace_back(path);
  } else {
    ++not_kept_;
  }
}

bool FileFaults::IsAbout(std::string_view path) const {
  const auto is_part_of = [](std::string_view part, std::string_view whole) {
    return part.starts_with(whole) &&
           (part.size() == whole.size() || part[whole.size()] == '.' || part[whole.size()] == '[');
  };
  return std::any_of(paths_.begin(), paths_.end(), [&](const std::string& unread) {
    return is_part_of(unread, path) || is_part_of(path, unread);
  });
}

std::vector<std::string> FileFaults::Lines() const {
  std::vector<Fault> sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Fault& a, const Fault& b) { return a.position < b.position; });
  std::vector<std::string> lines;
  lines.reserve(sorted.size() + 1);
  for (const Fault& fault : sorted) {
    lines.push_back(file_ + ":" + std::to_string(fault.position.line) + ":" +
                    std::to_string(fault.position.column) + ": " + fault.message);
  }
  if (not_kept_ > 0) {
    lines.push_back(file_ + ": " + std::to_string(not_kept_) + " more faults are not shown");
  }
  return lines;
}

const YamlValue* YamlValue::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

FilePosition YamlValue::Locate(std::string_view path) const {
  const YamlValue* value = this;
  while (!path.empty()) {
    if (path.front() == '[') {
      const std::size_t end = std::min(path.find(']'), path.size());
      std::size_t index = 0;
      std::from_chars(path.data() + 1, path.data() + end, index);
      if (index >= value->items.size()) break;
      value = &value->items[index];
      path.remove_prefix(std::min(end + 1, path.size()));
    } else {
      if (path.front() == '.') path.remove_prefix(1);
      const std::size_t end = std::min(path.find_first_of(".["), path.size());
      const YamlValue* next = value->Find(path.substr(0, end));
      if (next == nullptr) break;
      value = next;
      path.remove_prefix(end);
    }
  }
  return value->position;
}

std::optional<YamlValue> ParseYaml(std::string_view text, FileFaults& faults,
                                   const YamlLimits& limits) {
  if (!IsText(text, faults, limits)) return std::nullopt;
  TreeBuilder builder(faults, limits);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.TakeRoot();
  } catch (const Refusal& refusal) {
    faults.Add(refusal.position, refusal.message);
  } catch (const YAML::Exception& error) {
    faults.Add(error.mark.is_null() ? FilePosition{} : PositionOf(error.mark),
               "not valid YAML: " + error.msg);
  }
  return std::nullopt;
}

}  // namespace bullmq_exporter
