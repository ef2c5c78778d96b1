#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/model/queue_snapshot.h"

namespace bullmq_exporter {

// What INFO says about the server of a target.
struct ServerInfo {
  std::string server;  // host:port of the connection
  std::string version;
  std::string role;                                 // master, slave
  std::string mode;                                 // standalone, sentinel, cluster
  std::optional<bool> maxmemory_policy_noeviction;  // empty where INFO does not say
  std::optional<std::int64_t> memory_used_bytes;
  std::optional<std::int64_t> memory_max_bytes;    // 0: no limit
  std::optional<bool> replication_link_up;         // on a replica only
  std::optional<std::int64_t> connected_replicas;  // on a master only
};

// How many items each cap holds back now (bullmq_exporter_capped).
struct CappedCounts {
  std::int64_t queues = 0;
  std::int64_t names = 0;
  std::int64_t reasons = 0;
  std::int64_t failure_pairs = 0;
};

// One target as its last poll saw it. Immutable once published; shared by all readers.
struct Snapshot {
  std::string target;  // name in the configuration: the label `redis`
  bool up = false;     // the last poll could read this target; false: `queues` holds ids alone
  std::optional<Error> error;         // why not
  std::vector<QueueSnapshot> queues;  // configured ones first in their order, then by prefix, name
  std::vector<ServerInfo> servers;    // empty where INFO could not be read
  std::int64_t queues_ignored = 0;    // found and excluded by the filter
  CappedCounts capped;
  std::optional<bool> workers_supported;       // CLIENT LIST answers; empty: not asked yet
  std::optional<bool> server_info_supported;   // INFO answers
  std::optional<double> discovery_seconds;     // length of the last full pass over the keys
  std::optional<double> last_success_seconds;  // end of the last poll that could read, since 1970
};

}  // namespace bullmq_exporter
