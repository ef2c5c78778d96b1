#include "exporter/redis/reply_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>

namespace bullmq_exporter {
namespace {

using Type = Reply::Type;

ExchangeLimits Limits(std::size_t max_bytes = 64u << 20, std::size_t max_elements = 1u << 20) {
  return {SteadyClock::time_point::max(), max_bytes, max_elements};
}

// Feeds `bytes` in pieces of `piece` bytes.
Result<void> FeedInPieces(ReplyReader& reader, std::string_view bytes, std::size_t piece) {
  while (!bytes.empty()) {
    if (auto fed = reader.Feed(bytes.substr(0, piece)); !fed) return fed;
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return {};
}

ErrorCode FailureOf(std::string_view bytes, const ExchangeLimits& limits = Limits(),
                    std::size_t piece = 16 << 10) {
  ReplyReader reader(1, limits);
  const auto fed = FeedInPieces(reader, bytes, piece);
  return fed ? ErrorCode::kInternal : fed.error().code;
}

std::string Repeat(std::string_view text, std::size_t times) {
  std::string repeated;
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(ReplyReaderTest, ReadsEveryTypeInPiecesOfAnySize) {
  using namespace std::string_literals;
  const std::string bytes =
      "+OK\r\n-WRONGTYPE x\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n$4\r\na\0\r\n\r\n"s
      "*0\r\n*3\r\n:1\r\n*1\r\n$1\r\nx\r\n$-1\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    ReplyReader reader(9, Limits());
    EXPECT_FALSE(reader.done());
    ASSERT_TRUE(FeedInPieces(reader, bytes, piece)) << piece;
    ASSERT_TRUE(reader.done());
    EXPECT_EQ(reader.finished(), 9u);
    const std::vector<Reply> replies = reader.Take();
    ASSERT_EQ(replies.size(), 9u);
    EXPECT_EQ(replies[0].type, Type::kString);
    EXPECT_EQ(replies[0].text, "OK");
    EXPECT_EQ(replies[1].type, Type::kError);
    EXPECT_EQ(replies[1].text, "WRONGTYPE x");
    EXPECT_EQ(replies[2].type, Type::kInteger);
    EXPECT_EQ(replies[2].integer, -42);
    EXPECT_EQ(replies[3].type, Type::kNil);
    EXPECT_EQ(replies[4].type, Type::kNil);
    EXPECT_EQ(replies[5].type, Type::kString);
    EXPECT_EQ(replies[5].text, "");
    EXPECT_EQ(replies[6].text, std::string("a\0\r\n", 4));
    EXPECT_EQ(replies[7].type, Type::kArray);
    EXPECT_TRUE(replies[7].elements.empty());
    ASSERT_EQ(replies[8].elements.size(), 3u);
    EXPECT_EQ(replies[8].elements[0].integer, 1);
    EXPECT_EQ(replies[8].elements[1].elements[0].text, "x");
    EXPECT_TRUE(replies[8].elements[2].is_nil());
  }
}

TEST(ReplyReaderTest, CountsTheRepliesThatAreWhole) {
  ReplyReader reader(3, Limits());
  EXPECT_EQ(reader.finished(), 0u);
  ASSERT_TRUE(reader.Feed(":1\r\n*2\r\n:2\r\n"));
  EXPECT_EQ(reader.finished(), 1u);
  ASSERT_TRUE(reader.Feed(":3\r\n"));
  EXPECT_EQ(reader.finished(), 2u);
  ASSERT_TRUE(reader.Feed(":4\r\n"));
  EXPECT_EQ(reader.finished(), 3u);
  EXPECT_TRUE(reader.done());
}

TEST(ReplyReaderTest, RefusesWhatIsNotResp2) {
  for (const std::string& bytes : {
           std::string("HTTP/1.1 400 Bad Request\r\n"),
           std::string("\x15\x03\x03"),
           std::string("*4294967295\r\n"),
           std::string("*9223372036854775807\r\n"),
           std::string("*-2\r\n"),
           std::string("$-2\r\n"),
           std::string("*x\r\n"),
           std::string("$x\r\n"),
           std::string(":x\r\n"),
           std::string(":9223372036854775808\r\n"),
           std::string("*1048577\r\n"),
           std::string("%1\r\n:1\r\n:2\r\n"),
           std::string("~1\r\n"),
           std::string(",1.5\r\n"),
           std::string("#t\r\n"),
           std::string("_\r\n"),
           std::string(">1\r\n:1\r\n"),
           std::string("(1\r\n"),
           std::string("=5\r\ntxt:a\r\n"),
           std::string("|1\r\n:1\r\n:1\r\n"),
           std::string(":1\r\n:2\r\n"),
           std::string(":1\r\n+"),
       }) {
    EXPECT_EQ(FailureOf(bytes), ErrorCode::kProtocol) << testing::PrintToString(bytes);
  }
}

TEST(ReplyReaderTest, RefusesBytesAfterTheLastReply) {
  ReplyReader reader(1, Limits());
  ASSERT_TRUE(reader.Feed(":1\r\n"));
  const auto fed = reader.Feed(":");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, ErrorCode::kProtocol);
}

TEST(ReplyReaderTest, BoundsTheDepth) {
  const auto nested = [](std::size_t depth) { return Repeat("*1\r\n", depth) + ":1\r\n"; };
  ReplyReader reader(1, Limits());
  ASSERT_TRUE(reader.Feed(nested(8)));
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(FailureOf(nested(9)), ErrorCode::kProtocol);
  EXPECT_EQ(FailureOf(nested(2'000'000)), ErrorCode::kProtocol);
}

TEST(ReplyReaderTest, BoundsBytesAndElementsTogether) {
  const ExchangeLimits limits = Limits(1000, 10);
  EXPECT_EQ(FailureOf("$2000\r\n" + std::string(2000, 'x'), limits), ErrorCode::kTooLarge);
  EXPECT_EQ(FailureOf("*11\r\n", limits), ErrorCode::kProtocol);
  EXPECT_EQ(FailureOf("*10\r\n*10\r\n", limits), ErrorCode::kTooLarge);
  ReplyReader fits(1, limits);
  EXPECT_TRUE(fits.Feed("$900\r\n" + std::string(900, 'x') + "\r\n"));
  EXPECT_TRUE(fits.done());
  // The commands themselves are the caller's and do not count as elements.
  ReplyReader many(100, limits);
  EXPECT_TRUE(many.Feed(Repeat(":1\r\n", 100)));
  EXPECT_TRUE(many.done());
}

TEST(ReplyReaderTest, RefusesALineWithoutAnEnd) {
  for (const char* start : {"+", "-", ":", "*", "$"}) {
    EXPECT_EQ(FailureOf(start + std::string(200'000, '1')), ErrorCode::kProtocol) << start;
  }
  EXPECT_EQ(FailureOf("*1\r\n+" + std::string(200'000, 'x')), ErrorCode::kProtocol);
  ReplyReader reader(1, Limits());
  EXPECT_TRUE(FeedInPieces(reader, "$200000\r\n" + std::string(200'000, 'x') + "\r\n", 1000));
  EXPECT_TRUE(reader.done());
}

// Random bytes, and good replies with random damage: no crash, no endless loop, no memory beyond
// the limits (the sanitizers look for the rest).
TEST(ReplyReaderTest, SurvivesRandomBytes) {
  const std::string good = "*2\r\n$3\r\nabc\r\n*2\r\n:1\r\n$-1\r\n+OK\r\n-ERR x\r\n:77\r\n";
  constexpr std::string_view kAlphabet = "*$:+-\r\n0123456789%~,#_>(=|x";
  std::mt19937 random(20260701);
  const auto pick = [&](std::size_t bound) { return random() % bound; };
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = round % 2 == 0 ? good : std::string(pick(200) + 1, ' ');
    if (round % 2 == 0) {
      for (std::size_t i = 0, n = pick(4); i < n; ++i) {
        bytes[pick(bytes.size())] = kAlphabet[pick(kAlphabet.size())];
      }
      bytes.resize(pick(bytes.size()) + 1);
    } else {
      for (char& c : bytes) c = kAlphabet[pick(kAlphabet.size())];
    }
    ReplyReader reader(4, Limits(4096, 64));
    const auto fed = FeedInPieces(reader, bytes, pick(bytes.size()) + 1);
    EXPECT_LE(reader.finished(), 4u);
    if (fed && reader.done()) {
      EXPECT_EQ(reader.Take().size(), 4u);
    }
  }
}

}  // namespace
}  // namespace bullmq_exporter
