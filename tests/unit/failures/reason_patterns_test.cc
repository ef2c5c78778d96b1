#include "exporter/failures/reason_patterns.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bullmq_exporter {
namespace {

using Finder = std::optional<TextSpan> (*)(std::string_view text, std::size_t from);

struct NamedFinder {
  std::string_view name;
  Finder find;
};

constexpr NamedFinder kFinders[] = {
    {"url", FindUrl},         {"email", FindEmail},     {"time", FindTime}, {"uuid", FindUuid},
    {"text", FindQuotedText}, {"address", FindAddress}, {"path", FindPath}, {"hex", FindHexWord},
    {"id", FindIdWord},       {"number", FindNumber}};

// What a finder finds one after the other.
std::vector<std::string> All(Finder find, std::string_view text) {
  std::vector<std::string> found;
  std::size_t pos = 0;
  while (const std::optional<TextSpan> span = find(text, pos)) {
    found.emplace_back(text.substr(span->begin, span->end - span->begin));
    pos = span->end;
  }
  return found;
}

using Texts = std::vector<std::string>;

TEST(ReasonPatternsTest, FindsEachOfSeveral) {
  EXPECT_EQ(All(FindUrl, "a http://b c://d) e"), (Texts{"http://b", "c://d"}));
  EXPECT_EQ(All(FindEmail, "<a@b>,c.d@e f@"), (Texts{"a@b", "c.d@e"}));
  EXPECT_EQ(All(FindTime, "2026-01-31,2026-02-01T01:02Z"),
            (Texts{"2026-01-31", "2026-02-01T01:02Z"}));
  EXPECT_EQ(All(FindQuotedText, "\"a\"'b' 'c'`d`"), (Texts{"\"a\"", "'c'", "`d`"}));
  EXPECT_EQ(All(FindAddress, "1.2.3.4 1:2:3:4"), (Texts{"1.2.3.4", "1:2:3:4"}));
  EXPECT_EQ(All(FindPath, "/a/b,C:\\d e /f"), (Texts{"/a/b", "C:\\d"}));
  EXPECT_EQ(All(FindHexWord, "0x1 abcdef12 abc"), (Texts{"0x1", "abcdef12"}));
  EXPECT_EQ(All(FindIdWord, "abcdef12 abc 1234abcd"), (Texts{"abcdef12", "1234abcd"}));
  EXPECT_EQ(All(FindNumber, "1 2.5x a3 4%"), (Texts{"1", "2.5", "4"}));
}

// What is before `from` is context: it is not part of an answer, but it can touch one.
TEST(ReasonPatternsTest, LooksBehindTheStart) {
  EXPECT_FALSE(FindNumber("a1", 1).has_value());
  EXPECT_FALSE(FindUuid("a0191d5a0-7f3c-7000-8000-0123456789ab", 1).has_value());
  EXPECT_FALSE(FindPath("x/a/b", 1).has_value());
  const std::optional<TextSpan> email = FindEmail("jane@example.org", 2);
  ASSERT_TRUE(email.has_value());
  EXPECT_EQ(email->begin, 2u);
}

TEST(ReasonPatternsTest, FindsNothingInNothing) {
  for (const NamedFinder& finder : kFinders) {
    EXPECT_FALSE(finder.find("", 0).has_value()) << finder.name;
    EXPECT_FALSE(finder.find("plain words only", 16).has_value()) << finder.name;
  }
}

TEST(ReasonPatternsTest, OpenQuoteIsWhatDoesNotEnd) {
  EXPECT_EQ(FindOpenQuote("a \"b"), '"');
  EXPECT_EQ(FindOpenQuote("a 'b"), '\'');
  EXPECT_EQ(FindOpenQuote("a `b"), '`');
  EXPECT_EQ(FindOpenQuote("\"a\" `b` 'c' \"d"), '"');
  EXPECT_EQ(FindOpenQuote("\"a\" can't"), std::nullopt);
  EXPECT_EQ(FindOpenQuote("\"a\\\" b"), '"');
  EXPECT_EQ(FindOpenQuote(""), std::nullopt);
}

// A quarter of a million bytes of what could make a finder begin again and again from where it
// began. A scan whose work is quadratic takes minutes for each of these and is ended by the test's
// timeout.
TEST(ReasonPatternsTest, ReadsHostileTextInLinearTime) {
  constexpr std::size_t kBytes = 250'000;
  const std::vector<std::string_view> pieces = {
      "a",     "1",        "a1",     "1a",   "a:",       "1:",    "1.",   "a.",       "a-",
      "a@",    "@",        "://",    "a://", "\"",       "\\\"",  "\\",   "'",        " '",
      " 'a'b", ",'a",      "`",      "[",    "[1:",      "[::",   "::",   "a::b::",   "/",
      " /",    "=/",       "=/a",    "C:\\", "C:/",      "\\\\a", "<",    "<n>",      "<n",
      " a b",  "C:\\a b",  " \\\\a", "0x",   "_",        "-",     "%",    "1%",       "(",
      ")",     "2026-01-", "12:",    "+01:", "\xC3\xA9", "1_",    "\" '", "\\\"'a' ", "'a' ' ",
  };
  for (const std::string_view piece : pieces) {
    std::string text;
    text.reserve(kBytes + piece.size());
    while (text.size() < kBytes) text.append(piece);
    // One thing of another kind at either end, so that what looks for an end finds it far away or
    // not.
    for (const std::string& hostile : {text, "\"" + text + "]"}) {
      for (const NamedFinder& finder : kFinders) {
        std::size_t pos = 0;
        while (const std::optional<TextSpan> span = finder.find(hostile, pos)) {
          ASSERT_GE(span->begin, pos) << finder.name << " " << piece;
          ASSERT_GT(span->end, span->begin) << finder.name << " " << piece;
          ASSERT_LE(span->end, hostile.size()) << finder.name << " " << piece;
          pos = span->end;
        }
      }
    }
  }
}

}  // namespace
}  // namespace bullmq_exporter
