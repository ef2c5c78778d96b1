#include "exporter/config/yaml_mapping.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "exporter/base/utf8.h"
#include "exporter/config/near_match.h"

namespace bullmq_exporter {
namespace {

// Not a value's text, where another kind of value is expected: it may be a secret.
std::string_view KindName(const YamlValue& value) {
  switch (value.kind) {
    case YamlValue::Kind::kNull: return "nothing";
    case YamlValue::Kind::kScalar: return "a single value";
    case YamlValue::Kind::kSequence: return "a list";
    case YamlValue::Kind::kMapping: return "a mapping";
  }
  return "nothing";
}

std::string Wanted(std::string_view wanted, std::string_view found) {
  return std::string("needs ").append(wanted).append(", found ").append(found);
}

bool IsDecimal(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string Quoted(std::string_view text) {
  constexpr std::size_t kMaxBytes = 60;
  const bool cut = text.size() > kMaxBytes;
  std::string quoted = "\"";
  for (const char c : EscapeUnprintable(cut ? Utf8Prefix(text, kMaxBytes) : text)) {
    if (c == '"') quoted += '\\';
    quoted += c;
  }
  return quoted + (cut ? "…\"" : "\"");
}

YamlMapping::YamlMapping(const YamlValue& value, std::string path, FileFaults& faults)
    : value_(value), path_(std::move(path)), faults_(faults) {
  if (value.kind != YamlValue::Kind::kMapping && value.kind != YamlValue::Kind::kNull) {
    faults_.Add(value.position,
                (path_.empty() ? "the file" : path_) + ": " +
                    Wanted("a mapping (key: value)", KindName(value)),
                path_);
  }
}

std::string YamlMapping::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const YamlValue* YamlMapping::Find(std::string_view key) {
  if (std::find(asked_for_.begin(), asked_for_.end(), key) == asked_for_.end()) {
    asked_for_.emplace_back(key);
  }
  return value_.Find(key);
}

void YamlMapping::Fault(std::string_view key, std::string_view message) {
  const YamlValue* value = Find(key);
  faults_.Add((value != nullptr ? *value : value_).position,
              PathOf(key) + ": " + std::string(message), PathOf(key));
}

bool YamlMapping::Require(std::string_view key) {
  if (Find(key) != nullptr) return true;
  Fault(key, "is missing");
  return false;
}

std::optional<YamlMapping> YamlMapping::Mapping(std::string_view key) {
  const YamlValue* value = Find(key);
  if (value == nullptr) return std::nullopt;
  return YamlMapping(*value, PathOf(key), faults_);
}

const YamlValue* YamlMapping::FindScalar(std::string_view key, std::string_view wanted) {
  const YamlValue* value = Find(key);
  if (value == nullptr || value->kind == YamlValue::Kind::kScalar) return value;
  Fault(key, Wanted(wanted, KindName(*value)));
  return nullptr;
}

std::optional<std::string> YamlMapping::Text(std::string_view key) {
  const YamlValue* value = FindScalar(key, "text");
  if (value == nullptr) return std::nullopt;
  return value->text;
}

std::optional<bool> YamlMapping::Bool(std::string_view key) {
  constexpr std::string_view kWanted = "true or false";
  const YamlValue* value = FindScalar(key, kWanted);
  if (value == nullptr) return std::nullopt;
  if (!value->quoted && value->text == "true") return true;
  if (!value->quoted && value->text == "false") return false;
  Fault(key, Wanted(kWanted, Quoted(value->text)));
  return std::nullopt;
}

std::optional<std::int64_t> YamlMapping::Integer(std::string_view key) {
  constexpr std::string_view kWanted = "a whole number";
  const YamlValue* value = FindScalar(key, kWanted);
  if (value == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const std::string& text = value->text;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!value->quoted && IsDecimal(text) && parsed.ec == std::errc()) return number;
  Fault(key, Wanted(kWanted, Quoted(text)));
  return std::nullopt;
}

const std::vector<YamlValue>* YamlMapping::Items(std::string_view key) {
  const YamlValue* value = Find(key);
  if (value == nullptr) return nullptr;
  if (value->kind == YamlValue::Kind::kSequence) return &value->items;
  Fault(key, Wanted("a list, such as [a, b]", KindName(*value)));
  return nullptr;
}

std::optional<std::vector<std::string>> YamlMapping::TextList(std::string_view key) {
  const std::vector<YamlValue>* items = Items(key);
  if (items == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  bool good = true;
  for (const YamlValue& item : *items) {
    if (item.kind == YamlValue::Kind::kScalar) {
      texts.push_back(item.text);
      continue;
    }
    const std::string path = PathOf(key) + "[" + std::to_string(&item - items->data()) + "]";
    faults_.Add(item.position, path + ": " + Wanted("text", KindName(item)), path);
    good = false;
  }
  if (!good) return std::nullopt;
  return texts;
}

void YamlMapping::RefuseUnknownKeys() {
  for (const YamlValue::Entry& entry : value_.entries) {
    if (std::find(asked_for_.begin(), asked_for_.end(), entry.key) != asked_for_.end()) continue;
    std::string message = "unknown key " + Quoted(entry.key);
    if (!path_.empty()) message += " in " + path_;
    const std::string suggestion = Suggestion(entry.key, asked_for_);
    if (!suggestion.empty()) {
      message += suggestion;
    } else {
      message += "; known are ";
      for (const std::string& known : asked_for_) {
        if (&known != asked_for_.data()) message += ", ";
        message += known;
      }
    }
    faults_.Add(entry.key_position, message);
  }
}

}  // namespace bullmq_exporter
