#include "exporter/inspect/json_writer.h"

#include "exporter/base/utf8.h"

namespace bullmq_exporter {

void JsonWriter::String(std::string_view valid) {
  writer_.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
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
