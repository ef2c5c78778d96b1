// Prints what the exporter exposes when every family has a series, for the tests that read it with
// the parsers of others: exposition_dump text|openmetrics plain|gzip [hostile] [bullmq]
// [bull_exporter] `hostile` adds a second target whose name, queues and failures hold every kind of
// byte.
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/instruments/registry.h"
#include "exporter/metrics/exposition.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kHostileNames[] = {
    "line\nfeed",
    "quote\"back\\slash",
    "caf\xC3\xA9 \xF0\x9F\x98\x80",
    "invalid \xFF\xC3",
    "\\xFF",
    "nul\0 and others \r\t\x7F"sv,
    "",
    "{curly=\"braces\"} 1 # EOF",
};

Snapshot HostileSnapshot() {
  Snapshot snapshot = FullSnapshot("other\xFE");
  for (const std::string_view name : kHostileNames) {
    QueueSnapshot queue = FullQueue(std::string(name));
    queue.version = std::string(name);
    queue.failures = std::make_shared<const QueueFailures>(
        QueueFailures{{{std::string(name), std::string(name) + "?", 1}}, 1, 1, 0});
    snapshot.queues.push_back(queue);
  }
  snapshot.queues.push_back(FullQueue(std::string(65536, 'q')));
  snapshot.queues.push_back(FullQueue(std::string(65536, 'q') + "r"));
  return snapshot;
}

int Dump(const std::vector<std::string_view>& words) {
  Instruments instruments;
  instruments.Redis("main", RedisPurpose::kPoll).CountCommands(1);
  instruments.Poll("main").ObservePoll(0.012);
  instruments.Http("telemetry").CountRequest("/metrics", 200, 0.0007);

  ExpositionSettings settings;
  auto format = ExpositionFormat::kText;
  bool gzip = false;
  bool hostile = false;
  for (const std::string_view word : words) {
    if (word == "openmetrics") format = ExpositionFormat::kOpenMetrics;
    if (word == "gzip") gzip = true;
    if (word == "hostile") hostile = true;
    if (word == "bullmq") settings.compatibility.push_back(Compatibility::kBullmq);
    if (word == "bull_exporter") settings.compatibility.push_back(Compatibility::kBullExporter);
  }
  Exposition exposition(settings, instruments.registry());
  exposition.Update(std::make_shared<const Snapshot>(FullSnapshot("main")));
  if (hostile) {
    instruments.Redis("other\xFE", RedisPurpose::kPoll).CountCommands(1);
    instruments.Poll("other\xFE").ObservePoll(0.012);
    exposition.Update(std::make_shared<const Snapshot>(HostileSnapshot()));
  }
  const bool written = exposition.Scrape(format, gzip).Write([](std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
  });
  return written && std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace bullmq_exporter

int main(int argc, char** argv) {
  return bullmq_exporter::Dump(std::vector<std::string_view>(argv + 1, argv + argc));
}
