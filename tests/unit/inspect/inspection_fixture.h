#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exporter/inspect/inspection.h"
#include "tests/support/fake_clients.h"

namespace bullmq_exporter {

// One target on a fake Redis.
class FakeTarget {
 public:
  FakeTarget(std::string name, std::vector<std::string> prefixes,
             std::vector<StaticQueue> static_queues = {}, std::vector<std::string> exclude = {})
      : name_(std::move(name)),
        filter_(std::move(prefixes), {std::move(static_queues), {"*"}, std::move(exclude)}),
        pool_(2, FakeClients(server_)),
        reader_(pool_, JobReader::Limits{}) {}

  [[nodiscard]] InspectedTarget Inspected() {
    return {.name = name_,
            .filter = &filter_,
            .discovery = discovery,
            .reader = &reader_,
            .snapshot = [this] { return snapshot; }};
  }

  Reply Run(std::initializer_list<std::string_view> args) { return server_->Run(args); }
  [[nodiscard]] FakeRedisServer& server() { return *server_; }

  // A snapshot of a poll that found these beside the configured ones; sorted as the poller does.
  void Discover(std::vector<QueueId> found) {
    auto made = std::make_shared<Snapshot>();
    made->target = name_;
    made->up = true;
    std::sort(found.begin(), found.end());
    for (const QueueId& id : filter_.static_queues()) made->queues.emplace_back().id = id;
    for (const QueueId& id : found) made->queues.emplace_back().id = id;
    snapshot = std::move(made);
  }

  // Makes keys by which a queue is confirmed, and one failed job.
  void AddQueue(const std::string& prefix, const std::string& name) {
    const std::string base = prefix + ":" + name + ":";
    Run({"HSET", base + "meta", "version", "bullmq:5.0.0"});
    Run({"HSET", base + "1", "name", "job of " + name, "data", "{}", "timestamp", "5"});
    Run({"ZADD", base + "failed", "5", "1"});
  }

  bool discovery = true;
  std::shared_ptr<const Snapshot> snapshot;

 private:
  std::string name_;
  QueueFilter filter_;
  std::shared_ptr<FakeRedisServer> server_ = std::make_shared<FakeRedisServer>();
  ClientPool pool_;
  JobReader reader_;
};

}  // namespace bullmq_exporter
