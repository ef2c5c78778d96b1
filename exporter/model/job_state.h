#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bullmq_exporter {

// The states of a job, each one key of its queue. The order is that of bullmq_queue_jobs.
enum class JobState {
  kWaiting,          // list `wait`
  kActive,           // list `active`
  kDelayed,          // zset `delayed`
  kPrioritized,      // zset `prioritized` (BullMQ 4 and newer)
  kWaitingChildren,  // zset `waiting-children`
  kPaused,           // list `paused` (Bull, BullMQ up to 5)
  kCompleted,        // zset `completed`
  kFailed,           // zset `failed`
};

inline constexpr std::array kJobStates = {
    JobState::kWaiting,         JobState::kActive, JobState::kDelayed,   JobState::kPrioritized,
    JobState::kWaitingChildren, JobState::kPaused, JobState::kCompleted, JobState::kFailed};

[[nodiscard]] constexpr std::size_t Index(JobState state) {
  return static_cast<std::size_t>(state);
}

// BullMQ's own word: "waiting", "waiting-children", …
[[nodiscard]] constexpr std::string_view JobStateName(JobState state) {
  constexpr std::array<std::string_view, kJobStates.size()> kNames = {
      "waiting",          "active", "delayed",   "prioritized",
      "waiting-children", "paused", "completed", "failed"};
  return kNames[Index(state)];
}

[[nodiscard]] constexpr std::optional<JobState> ParseJobState(std::string_view name) {
  for (const JobState state : kJobStates) {
    if (JobStateName(state) == name) return state;
  }
  return std::nullopt;
}

}  // namespace bullmq_exporter
