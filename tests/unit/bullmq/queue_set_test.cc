#include "exporter/bullmq/queue_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;

QueuesConfig Static(std::vector<StaticQueue> queues) {
  QueuesConfig config;
  config.static_queues = std::move(queues);
  return config;
}

TEST(QueueSetTest, ConfiguredOnesComeFirstInTheirOrder) {
  const QueueFilter filter({"bull", "b2"}, Static({{"bull", "z"}, {"bull", "a"}}));
  QueueSet queues(filter, 10);
  EXPECT_TRUE(queues.Add({"bull", "m"}));
  EXPECT_TRUE(queues.Add({"b2", "y"}));
  EXPECT_FALSE(queues.Add({"bull", "a"})) << "known already";
  EXPECT_THAT(queues.queues(), ElementsAre(QueueId{"bull", "z"}, QueueId{"bull", "a"},
                                           QueueId{"b2", "y"}, QueueId{"bull", "m"}));
}

TEST(QueueSetTest, RemovesAllButConfiguredOnes) {
  const QueueFilter filter({"bull"}, Static({{"bull", "a"}}));
  QueueSet queues(filter, 10);
  EXPECT_TRUE(queues.Add({"bull", "m"}));
  const auto version = queues.version();
  queues.Remove({"bull", "a"});
  queues.Remove({"bull", "unknown"});
  EXPECT_EQ(queues.version(), version);
  queues.Remove({"bull", "m"});
  EXPECT_NE(queues.version(), version);
  EXPECT_THAT(queues.queues(), ElementsAre(QueueId{"bull", "a"}));
  EXPECT_FALSE(queues.Contains({"bull", "m"}));
}

TEST(QueueSetTest, TheBoundHoldsForDiscoveredOnes) {
  const QueueFilter filter({"bull"}, Static({{"bull", "a"}, {"bull", "b"}}));
  QueueSet queues(filter, 3);
  EXPECT_TRUE(queues.Add({"bull", "m"}));
  EXPECT_FALSE(queues.Add({"bull", "n"}));
  EXPECT_EQ(queues.queues().size(), 3u);
}

TEST(QueueFilterTest, IncludeAndExcludeAreGlobsAndStaticNamesWin) {
  QueuesConfig config = Static({{"bull", "test-x"}});
  config.include = {"in*", "test-*"};
  config.exclude = {"*-x", "*-y"};
  const QueueFilter filter({"bull"}, config);
  EXPECT_TRUE(filter.Accepts({"bull", "ingestion"}));
  EXPECT_FALSE(filter.Accepts({"bull", "other"}));
  EXPECT_FALSE(filter.Accepts({"bull", "in-y"}));
  EXPECT_TRUE(filter.Accepts({"bull", "test-x"}));
}

TEST(QueueFilterTest, TheLongestPrefixThatFitsWins) {
  const QueueFilter filter({"bull", "bull:x"}, {});
  EXPECT_EQ(filter.QueueOfKey("bull:x:q:meta"), (QueueId{"bull:x", "q"}));
  EXPECT_EQ(filter.QueueOfKey("bull:x:meta"), (QueueId{"bull", "x"}));
  EXPECT_FALSE(filter.HasLongestPrefix({"bull", "x:q"}));
  EXPECT_TRUE(filter.HasLongestPrefix({"bull", "q"}));
  EXPECT_TRUE(filter.HasLongestPrefix({"bull:x", "q"}));
}

}  // namespace
}  // namespace bullmq_exporter
