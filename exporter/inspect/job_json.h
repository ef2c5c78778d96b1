#pragma once

#include "exporter/bullmq/job_counts.h"
#include "exporter/inspect/json_writer.h"
#include "exporter/model/job.h"

namespace bullmq_exporter {

// {"active":0,"completed":56,"failed":4,"delayed":3,"waiting":0,"paused":0}
void WriteJobCounts(JsonWriter& json, const JobCounts& counts);

// One job of a list, as docs/http-api.md has it. `data` and `returnValue` are the job's own JSON,
// byte for byte; what is no JSON is a string and named in "unparsed"; what was not read because of
// its size is null ([] for the stack trace) and stands in "truncated" with its bytes. Absent
// members are those that the job does not have.
void WriteJob(JsonWriter& json, const Job& job);

}  // namespace bullmq_exporter
