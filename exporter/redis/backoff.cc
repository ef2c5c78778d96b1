#include "exporter/redis/backoff.h"

#include <algorithm>

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kFirst = 200ms;
constexpr std::chrono::milliseconds kLast = 5s;

}  // namespace

void Backoff::Succeeded() {
  delay_ = 0ms;
  next_ = SteadyClock::time_point::min();
}

void Backoff::Failed(SteadyClock::time_point now) {
  delay_ = std::clamp(delay_ * 2, kFirst, kLast);
  std::uniform_int_distribution<std::chrono::milliseconds::rep> wait(delay_.count() / 2,
                                                                     delay_.count());
  next_ = now + std::chrono::milliseconds(wait(random_));
}

}  // namespace bullmq_exporter
