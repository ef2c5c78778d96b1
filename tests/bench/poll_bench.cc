// Measures polls of every queue of a Redis on this machine, with the program's own modules:
//
//   poll_bench replay PORT ROUNDS   each poll, and then the same pipelines by bare hiredis with the
//                                   replies thrown away
//   poll_bench export PORT ROUNDS   polls with what follows them, from Redis to the text of
//   /metrics,
//                                   and what they cost the server
//
// Prints JSON: medians of a round.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "exporter/bullmq/discovery.h"
#include "exporter/instruments/registry.h"
#include "exporter/metrics/exposition.h"
#include "exporter/poll/poller.h"
#include "exporter/redis/hiredis_client.h"
#include "tests/bench/bare_redis.h"
#include "tests/bench/recording_client.h"
#include "tests/bench/stopwatch.h"

namespace bullmq_exporter {
namespace {

constexpr int kWarmUp = 3;

[[noreturn]] void Die(std::string_view what) {
  std::fprintf(stderr, "poll_bench: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

TargetConfig TargetOn(std::uint16_t port) {
  TargetConfig target;
  target.redis.address.port = port;
  return target;
}

// One target, wired as the program does it, without its thread.
class PolledRedis {
 public:
  explicit PolledRedis(std::uint16_t port)
      : target_(TargetOn(port)),
        filter_(target_.prefixes, target_.queues),
        queues_(filter_, config_.discovery.max_queues),
        discovery_(config_.discovery, filter_, queues_),
        client_(target_.redis, instruments_.Redis(target_.name, RedisPurpose::kPoll)),
        recorder_(client_) {
    while (!discovery_.first_pass_done()) {
      ExchangeLimits limits;
      limits.deadline = SteadyClock::now() + config_.poll.timeout;
      const auto done = discovery_.Step(client_, limits, Discovery::Pace::kHurried);
      if (!done) Die(done.error().message);
    }
  }

  [[nodiscard]] std::unique_ptr<Poller> MakePoller() {
    return std::make_unique<Poller>(
        PollerSettings{target_.name, config_.poll, config_.failures, config_.discovery.forget_after,
                       config_.metrics.names_per_queue},
        filter_, queues_, discovery_, instruments_.Poll(target_.name), logger_);
  }
  [[nodiscard]] std::shared_ptr<const Snapshot> Poll(Poller& poller, RedisClient& client) const {
    auto snapshot = poller.Poll(client);
    if (!snapshot->up) Die(snapshot->error->message);
    return snapshot;
  }

  [[nodiscard]] std::size_t queues() const { return queues_.queues().size(); }
  [[nodiscard]] RedisClient& client() { return client_; }
  [[nodiscard]] RecordingClient& recorder() { return recorder_; }
  [[nodiscard]] const Instruments& instruments() const { return instruments_; }

 private:
  const Config config_;
  const TargetConfig target_;
  Instruments instruments_;
  const Logger logger_{LogLevel::kError, LogFormat::kLogfmt};
  const QueueFilter filter_;
  QueueSet queues_;
  Discovery discovery_;
  HiredisClient client_;
  RecordingClient recorder_;
};

// Polls and their replays, in turns.
struct Comparison {
  std::vector<Cost> polls;
  std::vector<Cost> replays;
  std::size_t commands = 0;  // of the last poll
  std::size_t exchanges = 0;

  void Round(PolledRedis& redis, BareRedis& bare, Poller& poller) {
    RecordingClient& recorder = redis.recorder();
    recorder.Clear();
    const Stopwatch polling;
    const auto snapshot = redis.Poll(poller, recorder);
    polls.push_back(polling.Elapsed() - recorder.recording());
    const Stopwatch replaying;
    bare.Replay(recorder.exchanges());
    replays.push_back(replaying.Elapsed());
    exchanges = recorder.exchanges().size();
    commands = 0;
    for (const Exchange& exchange : recorder.exchanges()) commands += exchange.commands;
  }

  void Print(const char* name) const {
    const Cost poll = Median(polls);
    const Cost replay = Median(replays);
    std::printf(R"(, "%s": {"rounds": %zu, "exchanges": %zu, "commands": %zu, "wall_ms": %.3f, )"
                R"("bare_wall_ms": %.3f, "cpu_ms": %.3f, "bare_cpu_ms": %.3f})",
                name, polls.size(), exchanges, commands, poll.wall_ms, replay.wall_ms, poll.cpu_ms,
                replay.cpu_ms);
  }
};

void Replay(std::uint16_t port, int rounds) {
  PolledRedis redis(port);
  BareRedis bare(port);
  Comparison first;
  for (int round = 0; round < (rounds + 3) / 4; ++round) {
    first.Round(redis, bare, *redis.MakePoller());
  }
  const auto poller = redis.MakePoller();
  for (int round = 0; round < kWarmUp; ++round) (void)redis.Poll(*poller, redis.client());
  Comparison steady;
  for (int round = 0; round < rounds; ++round) steady.Round(redis, bare, *poller);
  std::printf(R"({"queues": %zu)", redis.queues());
  first.Print("first");
  steady.Print("steady");
  std::printf("}\n");
}

void Export(std::uint16_t port, int rounds) {
  PolledRedis redis(port);
  BareRedis bare(port);
  Exposition exposition(ExpositionSettings{}, redis.instruments().registry());
  const auto poller = redis.MakePoller();
  for (int round = 0; round < kWarmUp; ++round) {
    exposition.Update(redis.Poll(*poller, redis.client()));
  }
  std::vector<Cost> polls;
  std::vector<Cost> renders;
  std::vector<Cost> scrapes;
  std::size_t bytes = 0;
  const double server_before = bare.ServerCpuMs();
  for (int round = 0; round < rounds; ++round) {
    const Stopwatch polling;
    const auto snapshot = redis.Poll(*poller, redis.client());
    polls.push_back(polling.Elapsed());
    const Stopwatch rendering;
    exposition.Update(snapshot);
    renders.push_back(rendering.Elapsed());
    const Stopwatch scraping;
    bytes = 0;
    const auto count = [&](std::string_view part) {
      bytes += part.size();
      return true;
    };
    if (!exposition.Scrape(ExpositionFormat::kText, false).Write(count)) Die("no scrape");
    scrapes.push_back(scraping.Elapsed());
  }
  const double server_ms = (bare.ServerCpuMs() - server_before) / rounds;
  std::printf(
      R"({"queues": %zu, "rounds": %d, "wall_ms": %.3f, "poll_cpu_ms": %.3f, "render_cpu_ms": %.3f, )"
      R"("scrape_cpu_ms": %.3f, "redis_cpu_ms": %.3f, "bytes": %zu})"
      "\n",
      redis.queues(), rounds, Median(polls).wall_ms, Median(polls).cpu_ms, Median(renders).cpu_ms,
      Median(scrapes).cpu_ms, server_ms, bytes);
}

int Run(int argc, char** argv) {
  const int port = argc == 4 ? std::atoi(argv[2]) : 0;
  const int rounds = argc == 4 ? std::atoi(argv[3]) : 0;
  if (port < 1 || port > 65535 || rounds < 1) Die("poll_bench replay|export PORT ROUNDS");
  if (std::strcmp(argv[1], "replay") == 0) {
    Replay(static_cast<std::uint16_t>(port), rounds);
  } else if (std::strcmp(argv[1], "export") == 0) {
    Export(static_cast<std::uint16_t>(port), rounds);
  } else {
    Die("poll_bench replay|export PORT ROUNDS");
  }
  return 0;
}

}  // namespace
}  // namespace bullmq_exporter

int main(int argc, char** argv) { return bullmq_exporter::Run(argc, argv); }
