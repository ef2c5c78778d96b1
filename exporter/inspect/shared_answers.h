#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
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
  // called by at most one caller of a question at a time, under no lock; it should end by
  // `deadline`, and what it throws goes to its caller alone. Returns what `expired` makes where the
  // deadline passes before the reading begins or ends.
  [[nodiscard]] InspectionResult Get(const std::string& question, SteadyClock::time_point deadline,
                                     const Read& read,
                                     const std::function<InspectionError()>& expired);

  // Questions that are being answered now.
  [[nodiscard]] std::size_t size() const;

 private:
  enum class Turn {
    kWait,
    kRead,  // it reads, for `others` as well
    kTake,  // `answer` is there
    kGone,  // it waits no more
  };
  // One who waits: on a lock of its own, so that those who are woken together do not meet at one.
  struct Waiter {
    std::mutex mutex;  // guards what follows
    std::condition_variable changed;
    Turn turn = Turn::kWait;
    std::shared_ptr<const InspectionResult> answer;
    std::vector<std::shared_ptr<Waiter>> others;

    // False, and nothing happens, where it has gone.
    bool LetRead(std::vector<std::shared_ptr<Waiter>>& for_others);
    void LetTake(std::shared_ptr<const InspectionResult> its_answer);
  };

  // Null where nobody reads `question`: then the caller must.
  std::shared_ptr<Waiter> Join(const std::string& question);
  InspectionResult Wait(const std::string& question, Waiter& waiter,
                        SteadyClock::time_point deadline, const Read& read,
                        const std::function<InspectionError()>& expired);
  // Reads, serves `others`, and proceeds.
  std::shared_ptr<const InspectionResult> ReadFor(
      const std::vector<std::shared_ptr<Waiter>>& others, const std::string& question,
      const Read& read);
  // The reading of `question` has ended: those who came meanwhile begin the next one, or the
  // question is forgotten.
  void Proceed(const std::string& question);
  // Those who came meanwhile; where there are none the question is forgotten.
  std::vector<std::shared_ptr<Waiter>> TakeWaiters(const std::string& question);

  mutable std::mutex mutex_;
  // Questions that are being read, with those who came meanwhile, in the order they came.
  std::unordered_map<std::string, std::vector<std::shared_ptr<Waiter>>> questions_;
};

}  // namespace bullmq_exporter
