// Measures a page of the Jobs API by itself, without HTTP, on a Redis that is there:
//   job_page_bench PORT QUEUE [LIMIT] [THREADS] [SECONDS]
// Pages a second, and the CPU time of a page in this process and in Redis.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "exporter/inspect/job_list.h"
#include "exporter/instruments/registry.h"
#include "exporter/redis/client_pool.h"
#include "exporter/redis/hiredis_client.h"

namespace bullmq_exporter {
namespace {

double OwnCpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double RedisCpuSeconds(ClientPool& pool) {
  const ExchangeLimits limits{.deadline = SteadyClock::now() + std::chrono::seconds(5)};
  auto client = pool.Acquire(limits.deadline);
  Pipeline pipeline;
  pipeline.Add(Route::kAnyNode, {"INFO", "cpu"});
  const auto replies = (*client)->Execute(pipeline, limits);
  if (!replies) {
    std::fprintf(stderr, "%s\n", replies.error().message.c_str());
    std::exit(1);
  }
  double seconds = 0;
  for (const std::string_view field : {"used_cpu_user:", "used_cpu_sys:"}) {
    const std::size_t at = (*replies)[0].text.find(field);
    if (at != std::string::npos)
      seconds += std::atof((*replies)[0].text.c_str() + at + field.size());
  }
  return seconds;
}

int Main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto number = [&](int index, int otherwise) {
    return index < argc ? std::atoi(argv[index]) : otherwise;
  };
  RedisConfig redis;
  redis.address.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const int threads = number(4, 8);
  const int seconds = number(5, 3);
  Instruments instruments;
  RedisUsage& usage = instruments.Redis("bench", RedisPurpose::kApi);
  ClientPool pool(static_cast<std::size_t>(threads),
                  [&] { return std::make_unique<HiredisClient>(redis, usage); });
  const JobReader reader(pool, {});
  const QueueFilter filter({"bull"}, {{{"bull", argv[2]}}, {"*"}, {}});
  const InspectedTargets targets = {
      {.name = "bench", .filter = &filter, .reader = &reader, .snapshot = nullptr}};
  const ApiConfig config;

  std::atomic<bool> done = false;
  std::atomic<std::size_t> pages = 0;
  std::atomic<std::size_t> bytes = 0;
  const double redis_before = RedisCpuSeconds(pool);
  const double own_before = OwnCpuSeconds();
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      while (!done) {
        const auto page = ListJobs(targets, config, {.queue = argv[2], .limit = number(3, 10)});
        if (!page) {
          std::fprintf(stderr, "%s\n", page.error().message.c_str());
          std::exit(1);
        }
        ++pages;
        bytes = (*page)->size();
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
  done = true;
  for (std::thread& thread : running) thread.join();
  const auto count = static_cast<double>(pages.load());
  std::printf("%.0f pages/s of %zu bytes; CPU of a page: own %.1f us, Redis %.1f us\n",
              count / seconds, bytes.load(), (OwnCpuSeconds() - own_before) / count * 1e6,
              (RedisCpuSeconds(pool) - redis_before) / count * 1e6);
  return 0;
}

}  // namespace
}  // namespace bullmq_exporter

int main(int argc, char** argv) { return bullmq_exporter::Main(argc, argv); }
