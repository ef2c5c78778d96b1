#include "exporter/config/near_match.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

TEST(NearMatchTest, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> known = {"poll.interval", "poll.timeout", "redis.addr", "tls"};
  const struct {
    const char* word;
    const char* match;
  } cases[] = {
      {"poll.intervall", "poll.interval"},
      {"poll_timeout", "poll.timeout"},
      {"redis.adrr", "redis.addr"},
      {"Redis.Addr", "redis.addr"},
      {"ssl", ""},
      {"", ""},
      {"something.else", ""},
      {"tsl", "tls"},
  };
  for (const auto& c : cases) EXPECT_EQ(NearMatch(c.word, known), c.match) << c.word;
  EXPECT_EQ(NearMatch(std::string(100000, 'x'), known), "");
}

TEST(NearMatchTest, SuggestionIsASentencePart) {
  const std::vector<std::string> known = {"interval"};
  EXPECT_EQ(Suggestion("intervl", known), "; did you mean \"interval\"?");
  EXPECT_EQ(Suggestion("q", known), "");
}

}  // namespace
}  // namespace bullmq_exporter
