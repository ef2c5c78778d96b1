#include "exporter/inspect/shared_answers.h"

#include <algorithm>
#include <utility>

namespace bullmq_exporter {

InspectionResult SharedAnswers::Get(const std::string& question, SteadyClock::time_point deadline,
                                    const Read& read,
                                    const std::function<InspectionError()>& expired) {
  std::unique_lock lock(mutex_);
  if (!questions_.try_emplace(question).second) {
    return Wait(lock, question, deadline, read, expired);
  }
  lock.unlock();
  InspectionResult answer = read();
  lock.lock();
  Proceed(question);
  return answer;
}

InspectionResult SharedAnswers::Wait(std::unique_lock<std::mutex>& lock,
                                     const std::string& question, SteadyClock::time_point deadline,
                                     const Read& read,
                                     const std::function<InspectionError()>& expired) {
  std::shared_ptr<Batch>& next = questions_[question].next;
  if (!next) next = std::make_shared<Batch>();
  const std::shared_ptr<Batch> batch = next;
  const std::size_t ticket = batch->tickets++;
  batch->waiting.push_back(ticket);
  const auto is_reader = [&] { return batch->started && batch->reader == ticket; };
  batch->changed.wait_until(lock, deadline, [&] { return batch->answer || is_reader(); });
  if (batch->answer) return *batch->answer;
  if (!is_reader()) {
    std::erase(batch->waiting, ticket);
    return tl::make_unexpected(expired());
  }
  lock.unlock();
  auto answer = std::make_shared<const InspectionResult>(read());
  lock.lock();
  batch->answer = answer;
  batch->changed.notify_all();
  Proceed(question);
  return *answer;
}

void SharedAnswers::Proceed(const std::string& question) {
  const auto found = questions_.find(question);
  const std::shared_ptr<Batch> batch = std::exchange(found->second.next, nullptr);
  if (!batch || batch->waiting.empty()) {
    questions_.erase(found);
    return;
  }
  batch->started = true;
  // Who came last has the most time left.
  batch->reader = batch->waiting.back();
  batch->changed.notify_all();
}

std::size_t SharedAnswers::size() const {
  const std::lock_guard lock(mutex_);
  return questions_.size();
}

}  // namespace bullmq_exporter
