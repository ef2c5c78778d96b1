#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/inspect/inspection_error.h"
#include "exporter/inspect/inspection_result.h"

namespace bullmq_exporter {

// Lets those who ask the same question at the same time share one answer, so that a page that many
// look at costs Redis one reading at a time. Nobody is given an answer whose reading began before
// they asked: who comes while one is being read waits for the next, with all others who came
// meanwhile. Thread-safe.
class SharedAnswers {
 public:
  using Read = std::function<InspectionResult()>;

  // The answer to `question`, by `read` of this caller or of another who asked the same. `read` is
  // called by at most one caller of a question at a time, under no lock; it must not throw and
  // should end by `deadline`. Returns what `expired` makes where it passes before the reading
  // begins or ends.
  [[nodiscard]] InspectionResult Get(const std::string& question, SteadyClock::time_point deadline,
                                     const Read& read,
                                     const std::function<InspectionError()>& expired);

  // Questions that are being answered now.
  [[nodiscard]] std::size_t size() const;

 private:
  // Those who wait for the same reading.
  struct Batch {
    std::condition_variable changed;
    std::vector<std::size_t> waiting;  // tickets of those who still wait, in the order they came
    std::size_t tickets = 0;
    bool started = false;
    std::size_t reader = 0;  // once started: the ticket of who reads
    std::shared_ptr<const InspectionResult> answer;
  };
  // One question: somebody reads, and others may wait for the next reading.
  struct Question {
    std::shared_ptr<Batch> next;
  };

  InspectionResult Wait(std::unique_lock<std::mutex>& lock, const std::string& question,
                        SteadyClock::time_point deadline, const Read& read,
                        const std::function<InspectionError()>& expired);
  // The reading of `question` has ended: the next batch begins, or the question is forgotten.
  void Proceed(const std::string& question);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Question> questions_;
};

}  // namespace bullmq_exporter
