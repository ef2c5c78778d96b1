#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "exporter/base/error.h"
#include "exporter/bullmq/queue_filter.h"
#include "exporter/model/queue_id.h"
#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Workers by queue, by the names of their connections.
using WorkerCounts = std::unordered_map<QueueId, std::int64_t, QueueIdHash>;

// Reads CLIENT LIST as BullMQ's Queue.getWorkers does: a worker has one connection named
// `prefix:base64(queue)` or, from BullMQ 5, `prefix:base64(queue):w:<name of the worker>`;
// `…:qe` is a QueueEvents listener. Managed servers may forbid the command, or answer nothing: then
// it fails with kNoPermission or kOther, and the counts are unknown. A worker whose server refuses
// CLIENT SETNAME cannot be counted.

// Appends the question; returns its index.
std::size_t AddWorkerQuestion(Pipeline& pipeline);

// The counts of all queues under the filter's prefixes. On a Cluster each node tells of the same
// workers, so a queue has the largest of the nodes' counts.
[[nodiscard]] Result<WorkerCounts> ReadWorkers(const Replies& replies, std::size_t index,
                                               const QueueFilter& filter);

// The queue of a worker's connection name; nothing for any other connection.
[[nodiscard]] std::optional<QueueId> QueueOfWorkerConnection(std::string_view connection_name,
                                                             const QueueFilter& filter);

}  // namespace bullmq_exporter
