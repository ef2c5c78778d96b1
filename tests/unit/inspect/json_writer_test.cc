#include "exporter/inspect/json_writer.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/inspect/parsed_json.h"

namespace bullmq_exporter {
namespace {

using namespace std::string_view_literals;

std::string Written(const std::function<void(JsonWriter&)>& write) {
  JsonWriter json;
  write(json);
  return *json.Take();
}

TEST(JsonWriterTest, WritesStructures) {
  EXPECT_EQ(Written([](JsonWriter& json) {
              json.StartObject();
              json.Key("a");
              json.Integer(-9007199254740993);
              json.Key("b");
              json.StartArray();
              json.Null();
              json.Raw("1.50");
              json.Raw("{\"x\": 1}");
              json.Text("t");
              json.EndArray();
              json.Key("c");
              json.Raw("[]");
              json.EndObject();
            }),
            R"({"a":-9007199254740993,"b":[null,1.50,{"x": 1},"t"],"c":[]})");
}

TEST(JsonWriterTest, TextAndNamesAreAlwaysUtf8) {
  struct Case {
    std::string_view bytes;
    std::string_view text;
    std::string_view name;
  };
  for (const Case& c : {
           Case{"plain", R"("plain")", R"("plain")"},
           Case{"", R"("")", R"("")"},
           Case{"q\"b\\s/", R"("q\"b\\s/")", R"("q\"b\\s/")"},
           Case{"\n\t\r\0\x1f"sv, R"("\n\t\r\u0000\u001F")", R"("\n\t\r\u0000\u001F")"},
           Case{"é😀", R"("é😀")", R"("é😀")"},
           Case{"a\xff\xfe b", "\"a\xEF\xBF\xBD\xEF\xBF\xBD b\"", R"("a\\xFF\\xFE b")"},
           Case{"\xed\xa0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"", R"("\\xED\\xA0\\x80")"},
           Case{"</script>", R"("</script>")", R"("</script>")"},
       }) {
    EXPECT_EQ(Written([&](JsonWriter& json) { json.Text(c.bytes); }), c.text);
    EXPECT_EQ(Written([&](JsonWriter& json) { json.Name(c.bytes); }), c.name);
    ParsedJson(c.text);
    ParsedJson(c.name);
  }
}

TEST(JsonWriterTest, LongNamesSurvive) {
  const std::string name(65536, 'n');
  EXPECT_EQ(Written([&](JsonWriter& json) { json.Name(name); }), "\"" + name + "\"");
}

}  // namespace
}  // namespace bullmq_exporter
