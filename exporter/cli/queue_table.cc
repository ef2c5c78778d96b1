#include "exporter/cli/queue_table.h"

#include <optional>
#include <vector>

#include "exporter/cli/table.h"
#include "exporter/model/job_state.h"

namespace bullmq_exporter {
namespace {

constexpr auto kNumber = Table::Align::kRight;

std::string Number(std::optional<std::int64_t> number) {
  return number ? std::to_string(*number) : "-";
}

bool HasSeveralPrefixes(const Config& config) {
  for (const TargetConfig& target : config.targets) {
    if (target.prefixes.size() > 1) return true;
  }
  return false;
}

std::string StateCell(const QueueSnapshot& queue, JobState state) {
  return queue.up ? std::to_string(queue.jobs[Index(state)]) : "-";
}

}  // namespace

std::string QueueTable(const Config& config,
                       std::span<const std::shared_ptr<const Snapshot>> snapshots) {
  const bool show_redis = config.targets.size() > 1;
  const bool show_prefix = show_redis || HasSeveralPrefixes(config);
  std::vector<Table::Column> columns;
  if (show_redis) columns.push_back({"REDIS"});
  if (show_prefix) columns.push_back({"PREFIX"});
  columns.push_back({"QUEUE"});
  for (const JobState state : kJobStates) {
    std::string heading(JobStateName(state));
    for (char& c : heading) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    columns.push_back({std::move(heading), kNumber});
  }
  columns.push_back({"WORKERS", kNumber});
  Table table(std::move(columns));
  for (const auto& snapshot : snapshots) {
    if (!snapshot->up) continue;
    for (const QueueSnapshot& queue : snapshot->queues) {
      std::vector<std::string> row;
      if (show_redis) row.push_back(snapshot->target);
      if (show_prefix) row.push_back(queue.id.prefix);
      row.push_back(queue.id.name);
      for (const JobState state : kJobStates) row.push_back(StateCell(queue, state));
      row.push_back(queue.up ? Number(queue.workers) : "-");
      table.AddRow(row);
    }
  }
  return table.Text();
}

}  // namespace bullmq_exporter
