#include "exporter/bullmq/queue_keys.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(QueueKeysTest, SpellsKeysAsBullmqDoes) {
  const QueueId queue{"bull", "ingestion"};
  EXPECT_EQ(queue_keys::State(queue, JobState::kWaiting), "bull:ingestion:wait");
  EXPECT_EQ(queue_keys::State(queue, JobState::kWaitingChildren),
            "bull:ingestion:waiting-children");
  EXPECT_EQ(queue_keys::RepeatEntry(queue, "every"), "bull:ingestion:repeat:every");
  EXPECT_EQ(queue_keys::Job({"{bull}:x", "a:b"}, "7"), "{bull}:x:a:b:7");
}

TEST(QueueKeysTest, TheSpellerSpellsTheSameKeysQueueAfterQueue) {
  queue_keys::KeySpeller keys;
  for (const QueueId& queue : {QueueId{"bull", "ingestion"}, QueueId{"{b}:x", "a:b"}}) {
    keys.Select(queue);
    for (const JobState state : kJobStates) {
      EXPECT_EQ(keys.State(state), queue_keys::State(queue, state));
    }
    EXPECT_EQ(keys.Events(), queue_keys::Events(queue));
  }
}

TEST(QueueKeysTest, ScanPatternEscapesWhatAGlobWouldInterpret) {
  EXPECT_EQ(queue_keys::ScanPattern("bull"), "bull:*:[mie][edv]*");
  EXPECT_EQ(queue_keys::ScanPattern("a*b?[c]\\"), "a\\*b\\?\\[c\\]\\\\:*:[mie][edv]*");
}

TEST(QueueKeysTest, QueueOfKeyStripsOnlyKnownPrefixAndSuffix) {
  struct Case {
    const char* key;
    const char* prefix;
    const char* name;  // nullptr: no queue
  };
  for (const Case& c : {
           Case{"bull:ingestion:meta", "bull", "ingestion"},
           Case{"bull:ingestion:id", "bull", "ingestion"},
           Case{"bull:ingestion:events", "bull", "ingestion"},
           Case{"bull:a:b:meta", "bull", "a:b"},
           Case{"bull:x:q:id", "bull:x", "q"},
           Case{"{bull}:q:id", "{bull}", "q"},
           Case{"bull:meta:id", "bull", "meta"},
           Case{"bull:ingestion:1", "bull", nullptr},
           Case{"bull:ingestion:wait", "bull", nullptr},
           Case{"bull:meta", "bull", nullptr},
           Case{"bull::meta", "bull", nullptr},
           Case{"bullx:q:meta", "bull", nullptr},
           Case{"other:q:meta", "bull", nullptr},
           Case{"", "bull", nullptr},
       }) {
    const auto queue = queue_keys::QueueOfKey(c.key, c.prefix);
    ASSERT_EQ(queue.has_value(), c.name != nullptr) << c.key;
    if (queue) {
      EXPECT_EQ(queue->name, c.name) << c.key;
      EXPECT_EQ(queue->prefix, c.prefix);
    }
  }
}

TEST(QueueKeysTest, MarkersAreNoJobs) {
  EXPECT_TRUE(queue_keys::IsMarker("0:1678886400000"));
  EXPECT_TRUE(queue_keys::IsMarker("0:"));
  EXPECT_TRUE(queue_keys::IsMarker("0"));
  EXPECT_FALSE(queue_keys::IsMarker("10:1"));
}

}  // namespace
}  // namespace bullmq_exporter
