#pragma once

#include <rapidjson/writer.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// Writes one JSON text. Whatever bytes it is given, the text is valid UTF-8. Not thread-safe.
class JsonWriter {
 public:
  JsonWriter() : writer_(output_) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  void StartObject() { writer_.StartObject(); }
  void EndObject() { writer_.EndObject(); }
  void StartArray() { writer_.StartArray(); }
  void EndArray() { writer_.EndArray(); }
  void Null() { writer_.Null(); }
  void Integer(std::int64_t value) { writer_.Int64(value); }

  // A name of a member: our own literals, without characters that need an escape.
  void Key(std::string_view key);
  // Text to be read: bytes that are not UTF-8 become U+FFFD.
  void Text(std::string_view text);
  // A name or an id: bytes that are not UTF-8 become `\xNN`.
  void Name(std::string_view name);
  // A value of JSON, checked before (json_scanner.h), byte for byte.
  void Raw(std::string_view json);

  // Bytes written so far.
  [[nodiscard]] std::size_t size() const { return output_.text.size(); }

  // The text, once the outermost value has ended. The writer is then spent.
  [[nodiscard]] std::shared_ptr<const std::string> Take() {
    return std::make_shared<const std::string>(std::move(output_.text));
  }

 private:
  // A stream of RapidJSON, so that raw values can be appended in one piece.
  struct Output {
    using Ch = char;
    void Put(char c) { text += c; }
    void Flush() {}
    std::string text;
  };

  void String(std::string_view valid);
  void AppendQuoted(std::string_view text);

  Output output_;
  rapidjson::Writer<Output> writer_;
};

}  // namespace bullmq_exporter
