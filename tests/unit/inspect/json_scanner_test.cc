#include "exporter/inspect/json_scanner.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <random>
#include <string>
#include <vector>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

using namespace std::string_view_literals;

std::string Nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(JsonScannerTest, TakesEveryValueOfJson) {
  for (const std::string_view text : {
           "null"sv,
           "true"sv,
           "false"sv,
           "0"sv,
           "-0"sv,
           "12"sv,
           "-1.5e+10"sv,
           "1E5"sv,
           "0.1"sv,
           "1e-7"sv,
           "1e999999"sv,
           "123456789012345678901234567890"sv,
           "\"\""sv,
           "\"x\""sv,
           "[]"sv,
           "{}"sv,
           "[[],{}]"sv,
           " \t\r\n[ 1 , 2 ] \n"sv,
           "{ \"a\" : [ { } ] , \"b\" : null }"sv,
           R"("\"\\\/\b\f\n\r\t\u00e9")"sv,
           R"("\ud83d\ude00")"sv,
           R"("\ud800")"sv,
           R"("\udc00\ud800")"sv,
           R"("\uD800x")"sv,
           "\"\x7f\""sv,
           "\"é€😀\""sv,
           "\"\xEF\xBB\xBF\""sv,
           "{\"a\":1,\"a\":2}"sv,
           "{\"\":1}"sv,
           "\"01234567\""sv,
           "\"012345678\""sv,
           "\"0123456789012345678901234567890123456789\""sv,
           "\"\xE2\x80\xA8\""sv,
       }) {
    EXPECT_TRUE(ScanJson(text)) << text;
  }
}

TEST(JsonScannerTest, RefusesWhatJsonParseRefuses) {
  for (const std::string_view text : {
           ""sv,
           " "sv,
           "nul"sv,
           "nulll"sv,
           "True"sv,
           "undefined"sv,
           "NaN"sv,
           "Infinity"sv,
           "01"sv,
           "-"sv,
           "+1"sv,
           ".5"sv,
           "1."sv,
           "1e"sv,
           "1e+"sv,
           "0x10"sv,
           "1 2"sv,
           "--1"sv,
           "'a'"sv,
           "\""sv,
           "\"\\\""sv,
           "\"\\x\""sv,
           "\"\\u12\""sv,
           "\"\\u123g\""sv,
           "\"\\u"sv,
           "\"a\nb\""sv,
           "\"a\x01\""sv,
           "\"abcdefg\x1f\""sv,
           "\"a\0\""sv,
           "["sv,
           "]"sv,
           "[1"sv,
           "[1,"sv,
           "[1,]"sv,
           "[,1]"sv,
           "[,]"sv,
           "[1 2]"sv,
           "[1]]"sv,
           "[1}"sv,
           "{"sv,
           "}"sv,
           "{]"sv,
           "{\"a\"}"sv,
           "{\"a\":}"sv,
           "{\"a\":1,}"sv,
           "{,}"sv,
           "{a:1}"sv,
           "{1:1}"sv,
           "{\"a\" 1}"sv,
           "{\"a\":1 \"b\":2}"sv,
           "{\"a\":1}{}"sv,
           "{}\0"sv,
           "{}\0{}"sv,
           "\0{}"sv,
           "{\0}"sv,
           "\xEF\xBB\xBF{}"sv,
           "{}\xEF\xBB\xBF"sv,
           "[]//"sv,
           "/**/[]"sv,
           "\x0b[]"sv,
           "\xc2\xa0[]"sv,
           "[1],"sv,
           "\"a\"b"sv,
           "1,2"sv,
       }) {
    EXPECT_FALSE(ScanJson(text)) << text;
  }
}

TEST(JsonScannerTest, KnowsADepth) {
  for (const auto& [open, close] :
       {std::pair{"["sv, "]"sv}, std::pair{"{\"a\":"sv, "}"sv}, std::pair{"[[{\"\":"sv, "}]]"sv}}) {
    const std::size_t levels = open.size() > 5 ? 3 : 1;
    EXPECT_TRUE(ScanJson(Nested(kMaxJsonDepth / levels, open, close))) << open;
    EXPECT_FALSE(ScanJson(Nested(kMaxJsonDepth / levels + 1, open, close))) << open;
  }
  EXPECT_FALSE(ScanJson(std::string(2'000'000, '[')));
}

TEST(JsonScannerTest, KnowsAnArray) {
  EXPECT_TRUE(ScanJson(" [1]")->is_array);
  EXPECT_FALSE(ScanJson("{\"a\":[]}")->is_array);
  EXPECT_FALSE(ScanJson("\"[]\"")->is_array);
}

TEST(JsonScannerTest, FindsAMember) {
  struct Case {
    std::string_view text;
    std::string_view member;
  };
  for (const Case& c : {
           Case{R"({"id":"x"})", R"("x")"},
           Case{R"({"id" : 1.50 , "b":2})", "1.50"},
           Case{R"({"id":null})", "null"},
           Case{R"({"id":{"id":[1, {"id":2}]}, "c":3})", R"({"id":[1, {"id":2}]})"},
           Case{R"({"id":[]})", "[]"},
           Case{R"({"id":[ 1 ] })", "[ 1 ]"},
           Case{R"({"id":1,"id":2})", "2"},
           Case{R"({"id":{"a":1},"id":[2]})", "[2]"},
           Case{R"({"i\u0064":1})", "1"},
           Case{R"({"\u0069d":1,"i":2})", "1"},
           Case{R"({"a":{"id":1}})", ""},
           Case{R"([{"id":1}])", ""},
           Case{R"({"Id":1,"id ":2,"i":3,"idd":4})", ""},
           Case{R"({"a":"id","b":{"id":3},"id":"\"}"})", R"("\"}")"},
           Case{R"({"\ud800id":1})", ""},
           Case{"{}", ""},
           Case{"\"id\"", ""},
       }) {
    const auto scanned = ScanJson(c.text, "id");
    ASSERT_TRUE(scanned) << c.text;
    EXPECT_EQ(scanned->member, c.member) << c.text;
  }
}

bool RapidJsonTakes(const std::string& text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(
      text.data(), text.size());
  return !document.HasParseError();
}

// Both must agree on texts that have nothing on which they differ by design: no NUL, no byte order
// mark, no surrogates, little depth.
TEST(JsonScannerTest, AgreesWithRapidJsonOnBrokenTexts) {
  std::mt19937 random(20260101);
  const std::vector<std::string> pieces = {
      "{",       "}",     "[", "]",         ",",     ":",        "\"",      "\"a\"",
      "\"id\":", "1",     "-", "0",         ".5",    "e1",       "E+",      "true",
      "null",    "false", " ", "\n",        "\\",    "\\n",      "\\u0041", "\\u",
      "é",       "\x01",  "x", "{\"a\":1}", "[1,2]", "{\"k\":[", "]}",      "\"01234567890123\"",
      "\\\""};
  int good = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text;
    const std::size_t count = 1 + random() % 8;
    for (std::size_t i = 0; i < count; ++i) text += pieces[random() % pieces.size()];
    const bool ours = ScanJson(text, "id").has_value();
    ASSERT_EQ(ours, RapidJsonTakes(text)) << text;
    good += ours ? 1 : 0;
  }
  EXPECT_GT(good, 1000);
}

// A good text with one byte changed, removed or doubled.
TEST(JsonScannerTest, AgreesWithRapidJsonOnChangedTexts) {
  std::mt19937 random(20260102);
  const std::string good =
      R"({"a":[1,-2.5,"x\n\u00e9\"",{"b":null}],"id":{"c":[true,false]},"d":"0123456789é"} )";
  ASSERT_TRUE(ScanJson(good));
  int valid = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text = good;
    const std::size_t at = random() % text.size();
    switch (random() % 3) {
      case 0: text[at] = static_cast<char>(1 + random() % 126); break;
      case 1: text.erase(at, 1 + random() % 4); break;
      default: text.insert(at, text.substr(random() % text.size(), 1 + random() % 4));
    }
    if (!IsValidUtf8(text)) continue;
    const auto ours = ScanJson(text, "id");
    ASSERT_EQ(ours.has_value(), RapidJsonTakes(text)) << text;
    if (!ours) continue;
    ++valid;
    if (!ours->member.empty()) {
      ASSERT_TRUE(ScanJson(ours->member)) << text;
    }
  }
  EXPECT_GT(valid, 1000);
}

}  // namespace
}  // namespace bullmq_exporter
