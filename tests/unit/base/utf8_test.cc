#include "exporter/base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bullmq_exporter {
namespace {

using std::string_view_literals::operator""sv;

struct Utf8Case {
  std::string_view text;
  std::string_view replaced;
  std::string_view escaped;
};

// The runs are those of Node.js: Buffer.from(…).toString().
const std::vector<Utf8Case> kInvalid = {
    {"\xFF"sv, "\uFFFD"sv, "\\xFF"sv},
    {"a\x80z"sv, "a\uFFFDz"sv, "a\\x80z"sv},
    {"\xC3"sv, "\uFFFD"sv, "\\xC3"sv},
    {"\xC3("sv, "\uFFFD("sv, "\\xC3("sv},
    {"\xC0\xAF"sv, "\uFFFD\uFFFD"sv, "\\xC0\\xAF"sv},
    {"\xE2\x82"sv, "\uFFFD"sv, "\\xE2\\x82"sv},
    {"\xE2\x82x"sv, "\uFFFDx"sv, "\\xE2\\x82x"sv},
    {"\xE0\x80\x80"sv, "\uFFFD\uFFFD\uFFFD"sv, "\\xE0\\x80\\x80"sv},
    {"\xED\xA0\x80"sv, "\uFFFD\uFFFD\uFFFD"sv, "\\xED\\xA0\\x80"sv},
    {"\xF0\x9F\x98"sv, "\uFFFD"sv, "\\xF0\\x9F\\x98"sv},
    {"\xF0\x9F\x98\xF0\x9F\x98\x80"sv, "\uFFFD\U0001F600"sv, "\\xF0\\x9F\\x98\U0001F600"sv},
    {"\xF4\x90\x80\x80"sv, "\uFFFD\uFFFD\uFFFD\uFFFD"sv, "\\xF4\\x90\\x80\\x80"sv},
    {"\xF5\x80"sv, "\uFFFD\uFFFD"sv, "\\xF5\\x80"sv},
    {"long ascii text before \xE9 and more after"sv,
     "long ascii text before \uFFFD and more after"sv,
     "long ascii text before \\xE9 and more after"sv},
    {"\0\xFF\0"sv, "\0\uFFFD\0"sv, "\0\\xFF\0"sv},
};

const std::vector<std::string_view> kValid = {
    ""sv,       "plain"sv,  "eight888"sv, "nine99999"sv,  "\0"sv,
    "a\0b"sv,   "\u00e9"sv, "\u20ac"sv,   "\U0001F600"sv, "\x7F"sv,
    "\uD7FF"sv, "\uE000"sv, "\uFFFD"sv,   "\U0010FFFF"sv, "back\\slash \\xFF"sv,
    "\u0080"sv, "\u07FF"sv, "\u0800"sv,   "\U00010000"sv, "\n\r\t\x01"sv,
};

TEST(Utf8Test, ReplacesAndEscapesInvalidBytes) {
  for (const Utf8Case& c : kInvalid) {
    SCOPED_TRACE(c.escaped);
    EXPECT_FALSE(IsValidUtf8(c.text));
    EXPECT_EQ(ReplaceInvalidUtf8(c.text), c.replaced);
    EXPECT_EQ(EscapeInvalidUtf8(c.text), c.escaped);
    EXPECT_TRUE(IsValidUtf8(c.replaced));
    EXPECT_TRUE(IsValidUtf8(c.escaped));
  }
}

TEST(Utf8Test, WritesAnyByteAsHex) {
  std::string text = "a";
  AppendEscaped(text, "\0\x1F \x7F\xFF"sv);
  EXPECT_EQ(text, "a\\x00\\x1F\\x20\\x7F\\xFF");
}

TEST(Utf8Test, LeavesValidTextAsItIs) {
  for (const std::string_view text : kValid) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(IsValidUtf8(text));
    EXPECT_EQ(ReplaceInvalidUtf8(text), text);
    EXPECT_EQ(EscapeInvalidUtf8(text), text);
  }
}

TEST(Utf8Test, DecodesCodePoints) {
  const auto code_point = [](std::string_view text) { return DecodeUtf8(text).code_point; };
  EXPECT_EQ(code_point("A"), U'A');
  EXPECT_EQ(code_point("\u00e9x"), U'\u00e9');
  EXPECT_EQ(code_point("\u20ac"), U'\u20ac');
  EXPECT_EQ(code_point("\U0001F600"), U'\U0001F600');
  EXPECT_EQ(code_point("\x80"), U'\uFFFD');
}

// Every sequence of one, two and (for the interesting leads) three bytes: the functions agree with
// each other, and a step never leaves the text.
TEST(Utf8Test, EveryShortSequenceBecomesValid) {
  const auto check = [](const std::string& text) {
    const Utf8Step step = DecodeUtf8(text);
    ASSERT_GE(step.length, 1u);
    ASSERT_LE(step.length, text.size());
    ASSERT_TRUE(IsValidUtf8(ReplaceInvalidUtf8(text)));
    ASSERT_TRUE(IsValidUtf8(EscapeInvalidUtf8(text)));
    ASSERT_EQ(IsValidUtf8(text), ReplaceInvalidUtf8(text) == text);
    ASSERT_EQ(IsValidUtf8(text), EscapeInvalidUtf8(text) == text);
  };
  for (int a = 0; a < 256; ++a) {
    check({static_cast<char>(a)});
    for (int b = 0; b < 256; ++b) check({static_cast<char>(a), static_cast<char>(b)});
  }
  for (const int lead : {0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5}) {
    for (int b = 0x70; b < 256; ++b) {
      for (int c = 0x70; c < 256; ++c) {
        check({static_cast<char>(lead), static_cast<char>(b), static_cast<char>(c), '\x80'});
      }
    }
  }
}

struct PrefixCase {
  std::string_view text;
  std::size_t max_bytes;
  std::string_view prefix;
};

TEST(Utf8Test, PrefixNeverCutsACharacter) {
  const std::vector<PrefixCase> cases = {
      {"abc", 5, "abc"},
      {"abc", 3, "abc"},
      {"abc", 2, "ab"},
      {"abc", 0, ""},
      {"", 0, ""},
      {"a\u20acb", 1, "a"},
      {"a\u20acb", 2, "a"},
      {"a\u20acb", 3, "a"},
      {"a\u20acb", 4, "a\u20ac"},
      {"\U0001F600", 3, ""},
      {"\U0001F600\U0001F600", 7, "\U0001F600"},
      {"\U0001F600\U0001F600", 4, "\U0001F600"},
      {"a\xFF\xFF\xFF\xFF", 3, "a\xFF\xFF"},
      {"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"},
      {"ab\xE2\x82zz", 4, "ab\xE2\x82"},
      {"ab\xE2\x82zz", 3, "ab\xE2"},
  };
  for (const PrefixCase& c : cases) {
    SCOPED_TRACE(std::string(c.text) + " at " + std::to_string(c.max_bytes));
    EXPECT_EQ(Utf8Prefix(c.text, c.max_bytes), c.prefix);
  }
}

TEST(Utf8Test, PrefixOfValidTextIsValidAtEveryLength) {
  const std::string_view text = "a\u00e9\u20ac\U0001F600\0b\u00e9\u00e9\U0001F600z"sv;
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const std::string_view prefix = Utf8Prefix(text, n);
    EXPECT_TRUE(IsValidUtf8(prefix)) << n;
    EXPECT_LE(prefix.size(), n);
    EXPECT_GT(prefix.size() + 4, n);
  }
}

TEST(Utf8Test, WhatSteersATerminalIsEscaped) {
  const struct {
    std::string bytes;
    const char* text;
  } cases[] = {
      {"plain ü 🎉", "plain ü 🎉"},
      {"\x1b[2J\x1b]0;title\x07", "\\x1B[2J\\x1B]0;title\\x07"},
      {"a\nb\rc\td", "a\\x0Ab\\x0Dc\\x09d"},
      {std::string("n\0l", 3), "n\\x00l"},
      {"bad\xff\xc3", "bad\\xFF\\xC3"},
      {"c1\xc2\x9b", "c1\\xC2\\x9B"},
      {"\xe2\x80\xae"
       "gnp.exe",
       "\\xE2\\x80\\xAEgnp.exe"},
      {"\x7f", "\\x7F"},
  };
  for (const auto& c : cases) EXPECT_EQ(EscapeUnprintable(c.bytes), c.text);
}

}  // namespace
}  // namespace bullmq_exporter
