#pragma once

#include <memory>
#include <vector>

#include "exporter/config/config.h"
#include "exporter/metrics/scrape_body.h"
#include "exporter/metrics/text_format.h"
#include "exporter/model/snapshot.h"

namespace prometheus {
class Registry;
}  // namespace prometheus

namespace bullmq_exporter {

struct ExpositionSettings {
  Duration poll_interval = PollConfig{}.interval;
  Duration failures_window = FailuresConfig{}.window;
  std::vector<Compatibility> compatibility;  // with one target and one prefix only
};

// What /metrics says: the families of every target's last snapshot, and what the exporter counts
// itself. Families are sorted by name; within a family, targets by name and series in the
// snapshot's order.
//
// Snapshots are rendered when they come, into deflated pieces; a scrape joins finished pieces, and
// renders only what the exporter counts itself. So a scrape waits neither for a poll nor for a
// render. Thread-safe.
class Exposition {
 public:
  // `registry` (Instruments::registry) must outlive this.
  Exposition(const ExpositionSettings& settings, const prometheus::Registry& registry);
  Exposition(const Exposition&) = delete;
  Exposition& operator=(const Exposition&) = delete;
  ~Exposition();

  // Renders `snapshot`, which replaces the last one of its target. Called by whoever polls the
  // target, after each poll; several targets may be updated at once, one target by one thread at a
  // time.
  void Update(const std::shared_ptr<const Snapshot>& snapshot);

  [[nodiscard]] ScrapeBody Scrape(ExpositionFormat format, bool gzip) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bullmq_exporter
