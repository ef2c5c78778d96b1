#include "exporter/poll/details_poller.h"

#include <vector>

namespace bullmq_exporter {
namespace {

Result<void> ReadDetailsOf(const ReadContext& context, std::span<QueueRecord* const> records) {
  std::vector<QueueDetailsToRead> to_read;
  for (QueueRecord* record : records) to_read.push_back({&record->id, &record->details});
  return records[0]->known.too_large ? ReadLargeQueueDetails(context, to_read[0])
                                     : ReadQueueDetails(context, to_read);
}

Result<void> ReadSchedulersOf(const ReadContext& context, std::span<QueueRecord* const> records) {
  std::vector<SchedulersToRead> to_read;
  std::vector<QueueRecord*> with_some;
  for (QueueRecord* record : records) {
    record->schedulers.reset();
    if (!record->details.schedulers) continue;
    record->schedulers.emplace();
    if (*record->details.schedulers == 0) continue;
    to_read.push_back({&record->id, &*record->schedulers});
    with_some.push_back(record);
  }
  if (auto done = ReadSchedulers(context, to_read); !done) {
    if (!with_some[0]->known.LeavesOut(done.error())) return done;
    to_read[0].readable = false;
  }
  for (std::size_t i = 0; i < to_read.size(); ++i) {
    if (!to_read[i].readable) with_some[i]->schedulers.reset();
  }
  return {};
}

void EndTurn(QueueRecord& record, SteadyClock::time_point now, Duration slow_interval) {
  record.job_ids.Update(record.details.job_ids);
  record.finished_completed.Update(record.details.finished_completed);
  record.finished_failed.Update(record.details.finished_failed);
  // The first time all queues are due at once; from then on each has a turn of its own.
  const bool first = record.next_details == SteadyClock::time_point();
  const auto turn = static_cast<std::int64_t>(QueueIdHash()(record.id) % 1000);
  record.next_details = now + (first ? slow_interval * (500 + turn / 2) / 1000 : slow_interval);
  record.known.ForgetJobs();
}

}  // namespace

Result<void> PollDetails(const ReadContext& context, std::span<QueueRecord* const> records,
                         Duration slow_interval) {
  const auto now = SteadyClock::now();
  std::vector<QueueRecord*> due;
  for (QueueRecord* record : records) {
    if (now >= record->next_details) due.push_back(record);
  }
  if (due.empty()) return {};
  if (auto done = ReadDetailsOf(context, due); !done) return done;
  if (auto done = ReadSchedulersOf(context, due); !done) return done;
  for (QueueRecord* record : due) EndTurn(*record, now, slow_interval);
  return {};
}

}  // namespace bullmq_exporter
