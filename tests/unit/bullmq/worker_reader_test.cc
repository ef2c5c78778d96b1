#include "exporter/bullmq/worker_reader.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

Replies OneReply(Reply::Type type, std::string text) {
  Reply reply;
  reply.type = type;
  reply.text = std::move(text);
  return Replies({std::move(reply)});
}

TEST(WorkerReaderTest, OnlyWorkersConnectionsNameAQueue) {
  const QueueFilter filter({"bull", "bull:x", "{t}"}, {});
  struct Case {
    const char* connection;
    const char* prefix;  // nullptr: no worker
    const char* queue;
  };
  for (const Case& c : {
           Case{"bull:aW5nZXN0aW9u", "bull", "ingestion"},
           Case{"bull:aW5nZXN0aW9u:w:w1", "bull", "ingestion"},
           Case{"bull:aW5nZXN0aW9u:w:a:b", "bull", "ingestion"},
           Case{"bull:x:aW5nZXN0aW9u", "bull:x", "ingestion"},
           Case{"{t}:YQ==", "{t}", "a"},
           Case{"bull:w6k=", "bull", "\xc3\xa9"},
           Case{"bull:aW5nZXN0aW9u:qe", nullptr, nullptr},
           Case{"bull:aW5nZXN0aW9", nullptr, nullptr},  // no whole group
           Case{"bull:a-b_", nullptr, nullptr},
           Case{"bull:", nullptr, nullptr},
           Case{"bull", nullptr, nullptr},
           Case{"other:aW5nZXN0aW9u", nullptr, nullptr},
           Case{"", nullptr, nullptr},
       }) {
    const auto queue = QueueOfWorkerConnection(c.connection, filter);
    ASSERT_EQ(queue.has_value(), c.prefix != nullptr) << c.connection;
    if (queue) {
      EXPECT_EQ(*queue, (QueueId{c.prefix, c.queue})) << c.connection;
    }
  }
}

TEST(WorkerReaderTest, CountsTheConnectionsOfEachQueue) {
  const QueueFilter filter({"bull"}, {});
  const auto counts =
      ReadWorkers(OneReply(Reply::Type::kString,
                           "id=1 addr=127.0.0.1:1 laddr=x fd=8 name=bull:YQ== age=1 cmd=bzpopmin\n"
                           "id=2 addr=127.0.0.1:2 laddr=x fd=9 name=bull:YQ==:w:w1 age=1\n"
                           "id=3 addr=127.0.0.1:3 laddr=x fd=9 name=bull:Yg== age=1\n"
                           "id=4 addr=127.0.0.1:4 laddr=x fd=9 name= age=1 cmd=client\n"),
                  0, filter);
  ASSERT_TRUE(counts);
  EXPECT_EQ(*counts, (WorkerCounts{{{"bull", "a"}, 2}, {{"bull", "b"}, 1}}));
}

TEST(WorkerReaderTest, AForbiddenOrEmptyListIsNoCountOfZero) {
  const QueueFilter filter({"bull"}, {});
  const auto forbidden = ReadWorkers(OneReply(Reply::Type::kError, "NOPERM no"), 0, filter);
  ASSERT_FALSE(forbidden);
  EXPECT_EQ(forbidden.error().code, ErrorCode::kNoPermission);
  EXPECT_FALSE(ReadWorkers(OneReply(Reply::Type::kString, ""), 0, filter));
}

}  // namespace
}  // namespace bullmq_exporter
