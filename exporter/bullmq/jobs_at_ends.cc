#include "exporter/bullmq/jobs_at_ends.h"

#include <utility>

#include "exporter/bullmq/job_times.h"
#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

class JobsAtEndsReader {
 public:
  JobsAtEndsReader(const ReadContext& context, std::vector<JobAtEnd> jobs, bool leave_out_large)
      : context_(context), jobs_(std::move(jobs)), leave_out_large_(leave_out_large) {
    std::erase_if(jobs_, [](const JobAtEnd& job) { return job.known->job_id == job.job_id; });
  }

  Result<void> Read() {
    auto done = ReadTimes();
    if (done) done = ReadDelays();
    if (!done) {
      for (const JobAtEnd& job : jobs_) *job.known = {};
    }
    return done;
  }

 private:
  Result<void> ReadTimes() {
    if (jobs_.empty()) return {};
    std::vector<std::size_t> first;
    first.reserve(jobs_.size());
    for (const JobAtEnd& job : jobs_) first.push_back(AddJobTimes(pipeline_, KeyOf(job)));
    times_.reserve(jobs_.size());
    const auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies && leave_out_large_ && replies.error().code == ErrorCode::kTooLarge) {
      for (JobAtEnd& job : jobs_) *job.known = {std::move(job.job_id), std::nullopt};
      jobs_.clear();
      return {};
    }
    if (!replies) return Fail(replies.error().In("reading jobs"));
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      times_.push_back(ReadJobTimes(*replies, first[i]));
      const bool active = jobs_[i].end == QueueEnd::kNextActive;
      *jobs_[i].known = {jobs_[i].job_id,
                         active ? times_[i].processed_on_ms : ReadyTime(times_[i], 0)};
    }
    return {};
  }

  Result<void> ReadDelays() {
    pipeline_.Clear();
    std::vector<std::size_t> delayed;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      if (jobs_[i].end == QueueEnd::kNextActive || !NeedsDelay(times_[i])) continue;
      pipeline_.Add(Route::kKey, {"HGET", KeyOf(jobs_[i]), "opts"});
      delayed.push_back(i);
    }
    if (delayed.empty()) return {};
    const auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading options of jobs"));
    for (std::size_t n = 0; n < delayed.size(); ++n) {
      const std::size_t i = delayed[n];
      jobs_[i].known->time_ms = ReadyTime(times_[i], DelayOfOpts((*replies)[n].text));
    }
    return {};
  }

  static std::string KeyOf(const JobAtEnd& job) { return queue_keys::Job(*job.queue, job.job_id); }

  const ReadContext& context_;
  std::vector<JobAtEnd> jobs_;
  const bool leave_out_large_;
  std::vector<JobTimes> times_;  // by job
  Pipeline pipeline_;
};

}  // namespace

Result<void> ReadJobsAtEnds(const ReadContext& context, std::vector<JobAtEnd> jobs,
                            bool leave_out_large) {
  return JobsAtEndsReader(context, std::move(jobs), leave_out_large).Read();
}

}  // namespace bullmq_exporter
