// Measures the exposition by itself, without Redis and HTTP: exposition_bench [QUEUES] [ROUNDS]
// CPU time of rendering a snapshot, of a scrape with gzip and of a plain one; resident memory.
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "exporter/instruments/registry.h"
#include "exporter/metrics/exposition.h"

namespace bullmq_exporter {
namespace {

double CpuMs() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// kB, of /proc/self/status: "VmRSS" or "VmHWM" (the peak).
long StatusKb(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) return std::atol(line.c_str() + key.size() + 1);
  }
  return 0;
}

// Series as a real workload has them: most states of most queues empty, 24 series a queue.
std::shared_ptr<const Snapshot> MakeSnapshot(int queues, std::int64_t round) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->target = "default";
  snapshot->up = true;
  snapshot->queues.reserve(static_cast<std::size_t>(queues));
  std::uint32_t state = 1;
  const auto random = [&state](std::uint32_t below) {
    state = state * 1103515245 + 12345;
    return static_cast<std::int64_t>((state >> 16) % below);
  };
  for (int i = 0; i < queues; ++i) {
    QueueSnapshot queue;
    queue.id = {"bull", "tenant-" + std::to_string(i) + "-jobs"};
    queue.up = true;
    for (auto& jobs : queue.jobs) jobs = random(2) == 0 ? 0 : random(5003) + round;
    queue.paused = false;
    queue.oldest_waiting_ms = 1764000000000 + random(10000000) + round;
    queue.oldest_active_ms = 1764000000000 + random(10000000) + round;
    queue.next_delayed_ms = 1764000000000 + random(10000000);
    queue.overdue_delayed = random(3);
    queue.workers = random(5);
    queue.schedulers = 0;
    queue.overdue_schedulers = 0;
    queue.last_completed_ms = 1764000000000 + random(10000000) + round;
    queue.job_ids_total = random(10007) * 97 + round;
    queue.version = "bullmq:5.81.5";
    auto failures = std::make_shared<QueueFailures>();
    failures->recent.push_back({"sync", "Connection timed out after <n> ms", random(50)});
    failures->last_failure_ms = 1764000000000 + random(10000000);
    queue.failures = std::move(failures);
    snapshot->queues.push_back(std::move(queue));
  }
  return snapshot;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

int Run(int queues, int rounds) {
  // As the program's main does.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  mallopt(M_ARENA_MAX, 2);
  Instruments instruments;
  instruments.Redis("default", RedisPurpose::kPoll).CountCommands(1);
  instruments.Poll("default").ObservePoll(0.1);
  Exposition exposition(ExpositionSettings{}, instruments.registry());
  const long before = StatusKb("VmRSS");
  auto snapshot = MakeSnapshot(queues, 0);
  const long with_snapshot = StatusKb("VmRSS");
  std::vector<double> render, gzip, plain;
  std::size_t gzip_bytes = 0, plain_bytes = 0;
  for (int round = 0; round < rounds; ++round) {
    snapshot = MakeSnapshot(queues, round);
    double start = CpuMs();
    exposition.Update(snapshot);
    render.push_back(CpuMs() - start);
    for (const bool compressed : {true, false}) {
      start = CpuMs();
      std::size_t bytes = 0;
      const bool whole =
          exposition.Scrape(ExpositionFormat::kOpenMetrics, compressed).Write([&](auto part) {
            bytes += part.size();
            return true;
          });
      if (!whole) return 1;
      (compressed ? gzip : plain).push_back(CpuMs() - start);
      (compressed ? gzip_bytes : plain_bytes) = bytes;
    }
  }
  std::printf(
      "queues %d | render %.1f ms | gzip scrape %.2f ms, %.2f MB | plain scrape %.1f ms, %.1f MB | "
      "resident: empty %.1f MB, +snapshot %.1f, +pieces %.1f, peak %.1f\n",
      queues, Median(render), Median(gzip), static_cast<double>(gzip_bytes) / 1e6, Median(plain),
      static_cast<double>(plain_bytes) / 1e6, static_cast<double>(before) / 1024,
      static_cast<double>(with_snapshot) / 1024, static_cast<double>(StatusKb("VmRSS")) / 1024,
      static_cast<double>(StatusKb("VmHWM")) / 1024);
  return 0;
}

}  // namespace
}  // namespace bullmq_exporter

int main(int argc, char** argv) {
  const int queues = argc > 1 ? std::atoi(argv[1]) : 10000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 20;
  return bullmq_exporter::Run(queues, rounds);
}
