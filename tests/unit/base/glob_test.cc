#include "exporter/base/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

TEST(GlobTest, MatchesWholeNames) {
  struct Case {
    const char* pattern;
    const char* text;
    bool matches;
  };
  for (const Case& c : {
           Case{"*", "", true},
           Case{"*", "ingestion", true},
           Case{"ing*", "ingestion", true},
           Case{"*tion", "ingestion", true},
           Case{"*est*", "ingestion", true},
           Case{"i?gestion", "ingestion", true},
           Case{"ingestion", "ingestion", true},
           Case{"ingestion", "ingestions", false},
           Case{"ingestion", "xingestion", false},
           Case{"", "", true},
           Case{"", "a", false},
           Case{"?", "", false},
           Case{"a*b*c", "a--b--b--c", true},
           Case{"a*b*c", "a--b--b--", false},
           Case{"[ab]", "a", false},
           Case{"[ab]", "[ab]", true},
       }) {
    EXPECT_EQ(GlobMatch(c.pattern, c.text), c.matches) << c.pattern << " on " << c.text;
  }
}

TEST(GlobTest, ManyStarsEnd) {
  const std::string text(4000, 'a');
  EXPECT_FALSE(GlobMatch("*a*a*a*a*a*a*a*a*a*a*b", text));
}

}  // namespace
}  // namespace bullmq_exporter
