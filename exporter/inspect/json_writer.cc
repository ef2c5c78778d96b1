#include "exporter/inspect/json_writer.h"

#include "exporter/base/utf8.h"

namespace bullmq_exporter {

namespace {

// Of all bytes, not up to the first: a loop that ends early is not vectorized.
bool NeedsEscapes(std::string_view text) {
  bool needs = false;
  for (const char c : text) {
    needs |= static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
  }
  return needs;
}

}  // namespace

void JsonWriter::Key(std::string_view key) {
  writer_.RawValue("", 0, rapidjson::kStringType);
  AppendQuoted(key);
}

void JsonWriter::String(std::string_view valid) {
  if (NeedsEscapes(valid)) {
    writer_.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
    return;
  }
  writer_.RawValue("", 0, rapidjson::kStringType);
  AppendQuoted(valid);
}

void JsonWriter::AppendQuoted(std::string_view text) {
  output_.text += '"';
  output_.text += text;
  output_.text += '"';
}

void JsonWriter::Text(std::string_view text) {
  if (IsValidUtf8(text)) return String(text);
  String(ReplaceInvalidUtf8(text));
}

void JsonWriter::Name(std::string_view name) {
  if (IsValidUtf8(name)) return String(name);
  String(EscapeInvalidUtf8(name));
}

void JsonWriter::Raw(std::string_view json) {
  // An empty raw value writes what stands before a value; RapidJSON itself would copy it byte by
  // byte.
  writer_.RawValue("", 0, rapidjson::kObjectType);
  output_.text += json;
}

}  // namespace bullmq_exporter
