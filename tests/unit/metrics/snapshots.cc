#include "tests/unit/metrics/snapshots.h"

#include <utility>

namespace bullmq_exporter {

QueueSnapshot FullQueue(std::string name) {
  QueueSnapshot queue;
  queue.id = {"bull", std::move(name)};
  queue.up = true;
  queue.jobs = {3, 2, 1, 4, 5, 0, 1000, 7};
  queue.paused = false;
  queue.oldest_waiting_ms = 1764000000123;
  queue.oldest_active_ms = 1764000001000;
  queue.next_delayed_ms = 1764000060500;
  queue.overdue_delayed = 1;
  queue.workers = 2;
  queue.schedulers = 3;
  queue.overdue_schedulers = 1;
  queue.next_scheduled_ms = 1764000030000;
  queue.last_completed_ms = 1763999999999;
  queue.concurrency_limit = 8;
  queue.rate_limited = true;
  queue.job_ids_total = 12345;
  queue.finished_completed = 12000;
  queue.finished_failed = 37;
  queue.version = "bullmq:5.81.5";
  queue.failures = std::make_shared<const QueueFailures>(
      QueueFailures{{{"send", "Connection timed out after <n> ms", 5},
                     {"send", "connect ECONNREFUSED <addr>", 2}},
                    1764000000777,
                    9,
                    1});
  return queue;
}

Snapshot FullSnapshot(std::string target, std::string queue) {
  Snapshot snapshot = SnapshotOf(std::move(target), FullQueue(std::move(queue)));
  ServerInfo master;
  master.server = "127.0.0.1:6379";
  master.version = "7.0.15";
  master.role = "master";
  master.mode = "standalone";
  master.maxmemory_policy_noeviction = true;
  master.memory_used_bytes = 1234567;
  master.memory_max_bytes = 0;
  master.connected_replicas = 1;
  ServerInfo replica = master;
  replica.server = "127.0.0.1:6380";
  replica.role = "slave";
  replica.connected_replicas.reset();
  replica.replication_link_up = true;
  snapshot.servers = {master, replica};
  snapshot.queues_ignored = 4;
  snapshot.capped = {.queues = 1, .names = 4, .reasons = 2, .failure_pairs = 3};
  snapshot.workers_supported = true;
  snapshot.server_info_supported = true;
  snapshot.discovery_seconds = 0.25;
  snapshot.last_success_seconds = 1764000002.5;
  return snapshot;
}

Snapshot SnapshotOf(std::string target, QueueSnapshot queue) {
  Snapshot snapshot;
  snapshot.target = std::move(target);
  snapshot.up = true;
  snapshot.queues.push_back(std::move(queue));
  return snapshot;
}

}  // namespace bullmq_exporter
