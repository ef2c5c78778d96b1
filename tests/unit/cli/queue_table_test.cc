#include "exporter/cli/queue_table.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

QueueSnapshot Queue(std::string prefix, std::string name) {
  QueueSnapshot queue;
  queue.id = {std::move(prefix), std::move(name)};
  queue.up = true;
  return queue;
}

std::shared_ptr<const Snapshot> Target(std::string name, std::vector<QueueSnapshot> queues) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->target = std::move(name);
  snapshot->up = true;
  snapshot->queues = std::move(queues);
  return snapshot;
}

TEST(QueueTableTest, OneRedisWithOnePrefix) {
  QueueSnapshot mail = Queue("bull", "mail");
  mail.jobs = {1, 2, 3, 4, 5, 6, 7, 8};
  mail.workers = 2;
  QueueSnapshot broken = Queue("bull", "broken");
  broken.up = false;
  const std::vector snapshots = {Target("default", {mail, Queue("bull", "evil\x1b[2J"), broken})};
  EXPECT_EQ(
      QueueTable(Config{}, snapshots),
      "QUEUE        WAITING  ACTIVE  DELAYED  PRIORITIZED  WAITING-CHILDREN  PAUSED  COMPLETED  "
      "FAILED  WORKERS\n"
      "mail               1       2        3            4                 5       6          7  "
      "     8        2\n"
      "evil\\x1B[2J        0       0        0            0                 0       0          0  "
      "     0        -\n"
      "broken             -       -        -            -                 -       -          -  "
      "     -        -\n");
}

TEST(QueueTableTest, SeveralHaveColumnsToTellThemApart) {
  Config config;
  config.targets[0].prefixes = {"a", "b"};
  const std::string prefixes = QueueTable(config, std::vector{Target("x", {Queue("b", "q")})});
  EXPECT_TRUE(prefixes.starts_with("PREFIX  QUEUE  WAITING")) << prefixes;
  EXPECT_NE(prefixes.find("\nb       q "), std::string::npos) << prefixes;

  config.targets.emplace_back().name = "y";
  const std::string targets = QueueTable(config, std::vector{Target("x", {Queue("b", "q")})});
  EXPECT_TRUE(targets.starts_with("REDIS  PREFIX  QUEUE")) << targets;
  EXPECT_NE(targets.find("\nx      b       q "), std::string::npos) << targets;
}

TEST(QueueTableTest, ATargetThatIsDownHasNoLines) {
  auto down = std::make_shared<Snapshot>();
  down->queues = {Queue("bull", "q")};
  down->up = false;
  EXPECT_EQ(QueueTable(Config{}, std::vector<std::shared_ptr<const Snapshot>>{down}), "");
}

}  // namespace
}  // namespace bullmq_exporter
