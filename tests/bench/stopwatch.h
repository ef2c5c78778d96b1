#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

#include "exporter/base/clock.h"

namespace bullmq_exporter {

// What a piece of work took: on the clock, and of the CPU in this thread.
struct Cost {
  double wall_ms = 0;
  double cpu_ms = 0;

  Cost& operator+=(const Cost& other) {
    wall_ms += other.wall_ms;
    cpu_ms += other.cpu_ms;
    return *this;
  }
  friend Cost operator-(Cost a, const Cost& b) {
    return {a.wall_ms - b.wall_ms, a.cpu_ms - b.cpu_ms};
  }
};

class Stopwatch {
 public:
  [[nodiscard]] Cost Elapsed() const {
    const std::chrono::duration<double, std::milli> wall = SteadyClock::now() - begin_;
    return {wall.count(), CpuMs() - cpu_begin_ms_};
  }

 private:
  static double CpuMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
  }

  SteadyClock::time_point begin_ = SteadyClock::now();
  double cpu_begin_ms_ = CpuMs();
};

// 0 where there are none.
[[nodiscard]] inline double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Of each part by itself.
[[nodiscard]] inline Cost Median(const std::vector<Cost>& costs) {
  std::vector<double> wall;
  std::vector<double> cpu;
  for (const Cost& cost : costs) {
    wall.push_back(cost.wall_ms);
    cpu.push_back(cost.cpu_ms);
  }
  return {Median(std::move(wall)), Median(std::move(cpu))};
}

}  // namespace bullmq_exporter
