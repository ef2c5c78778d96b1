#include "exporter/metrics/queue_times_collector.h"

namespace bullmq_exporter {
namespace {

constexpr QueueMetric kMetrics[] = {
    {{"bullmq_queue_oldest_waiting_job_timestamp_seconds", MetricType::kGauge,
      "When the job that has waited longest became ready, by the clock of the client that added "
      "it: "
      "the earliest among both ends of wait and the first and last of prioritized. Exact for "
      "queues "
      "that are first in, first out; else a longer wait is possible. A job that was attempted "
      "before "
      "counts from its last attempt, since when it came back stands nowhere. Absent when none "
      "waits."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.TimeMs(queue.oldest_waiting_ms); }},
    {{"bullmq_queue_oldest_active_job_timestamp_seconds", MetricType::kGauge,
      "When the job at the right end of active, the one taken first, was begun "
      "(processedOn), by the clock of its worker. Absent when nothing is active."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.TimeMs(queue.oldest_active_ms); }},
    {{"bullmq_queue_next_delayed_job_timestamp_seconds", MetricType::kGauge,
      "When the next delayed job is due: the lowest score of delayed. In the past "
      "where no worker moves due jobs on. Absent without delayed jobs."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.TimeMs(queue.next_delayed_ms); }},
    {{"bullmq_queue_overdue_delayed_jobs", MetricType::kGauge,
      "Delayed jobs whose time has come and which nobody has moved on yet: ZCOUNT of "
      "delayed up to the time of the Redis server."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.overdue_delayed); }},
    {{"bullmq_queue_last_completed_timestamp_seconds", MetricType::kGauge,
      "When the newest completed job that is kept was finished: the highest score of "
      "completed, by the clock of its worker. Absent where none is kept, so it cannot "
      "tell of queues that remove jobs at once."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.TimeMs(queue.last_completed_ms); }},
};

}  // namespace

std::span<const QueueMetric> QueueTimesMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
