#include "exporter/inspect/shared_answers.h"

#include <utility>

namespace bullmq_exporter {

bool SharedAnswers::Waiter::LetRead(std::vector<std::shared_ptr<Waiter>>& for_others) {
  const std::lock_guard lock(mutex);
  if (turn == Turn::kGone) return false;
  turn = Turn::kRead;
  others = std::move(for_others);
  changed.notify_one();
  return true;
}

void SharedAnswers::Waiter::LetTake(std::shared_ptr<const InspectionResult> its_answer) {
  const std::lock_guard lock(mutex);
  if (turn == Turn::kGone) return;
  turn = Turn::kTake;
  answer = std::move(its_answer);
  changed.notify_one();
}

InspectionResult SharedAnswers::Get(const std::string& question, SteadyClock::time_point deadline,
                                    const Read& read,
                                    const std::function<InspectionError()>& expired) {
  if (const auto waiter = Join(question)) {
    return Wait(question, *waiter, deadline, read, expired);
  }
  return *ReadFor({}, question, read);
}

std::shared_ptr<const InspectionResult> SharedAnswers::ReadFor(
    const std::vector<std::shared_ptr<Waiter>>& others, const std::string& question,
    const Read& read) {
  // Whatever happens: a question that nobody reads any more would be waited for without end.
  struct AtEnd {
    SharedAnswers& answers;
    const std::string& question;
    ~AtEnd() { answers.Proceed(question); }
  };
  const AtEnd at_end{*this, question};
  auto answer = std::make_shared<const InspectionResult>(read());
  // First: those who are served may then ask again in the batch after the next.
  for (const std::shared_ptr<Waiter>& other : others) other->LetTake(answer);
  return answer;
}

std::shared_ptr<SharedAnswers::Waiter> SharedAnswers::Join(const std::string& question) {
  const std::lock_guard lock(mutex_);
  const auto [found, is_first] = questions_.try_emplace(question);
  if (is_first) return nullptr;
  return found->second.emplace_back(std::make_shared<Waiter>());
}

InspectionResult SharedAnswers::Wait(const std::string& question, Waiter& waiter,
                                     SteadyClock::time_point deadline, const Read& read,
                                     const std::function<InspectionError()>& expired) {
  std::unique_lock lock(waiter.mutex);
  waiter.changed.wait_until(lock, deadline, [&] { return waiter.turn != Turn::kWait; });
  if (waiter.turn == Turn::kTake) return *waiter.answer;
  if (waiter.turn == Turn::kWait) {
    // Given a turn from now on, it does not take it.
    waiter.turn = Turn::kGone;
    return tl::make_unexpected(expired());
  }
  lock.unlock();
  return *ReadFor(waiter.others, question, read);
}

void SharedAnswers::Proceed(const std::string& question) {
  while (true) {
    std::vector<std::shared_ptr<Waiter>> waiters = TakeWaiters(question);
    if (waiters.empty()) return;
    // Who came last has the most time left to read in.
    while (!waiters.empty()) {
      const std::shared_ptr<Waiter> reader = std::move(waiters.back());
      waiters.pop_back();
      if (reader->LetRead(waiters)) return;
    }
  }
}

std::vector<std::shared_ptr<SharedAnswers::Waiter>> SharedAnswers::TakeWaiters(
    const std::string& question) {
  const std::lock_guard lock(mutex_);
  const auto found = questions_.find(question);
  std::vector<std::shared_ptr<Waiter>> waiters;
  waiters.swap(found->second);
  if (waiters.empty()) questions_.erase(found);
  return waiters;
}

std::size_t SharedAnswers::size() const {
  const std::lock_guard lock(mutex_);
  return questions_.size();
}

}  // namespace bullmq_exporter
