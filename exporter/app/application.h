#pragma once

#include <atomic>
#include <memory>

#include "exporter/app/target_set.h"
#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/config/config.h"
#include "exporter/http/route.h"
#include "exporter/http/router.h"
#include "exporter/http/server.h"
#include "exporter/instruments/registry.h"
#include "exporter/metrics/exposition.h"
#include "exporter/poll/snapshot_store.h"

namespace bullmq_exporter {

// The running exporter: all targets, the exposition and the listeners, wired from a valid
// configuration.
class Application {
 public:
  // Binds the listeners, starts the targets, and says "listening" in the log and to systemd. Fails
  // where a listener cannot be bound or a file with credentials cannot be read; a Redis that is
  // down is no failure.
  [[nodiscard]] static Result<std::unique_ptr<Application>> Start(const Config& config,
                                                                  const Logger& logger);
  // Stops the listeners and the targets, within five seconds.
  ~Application();

  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

 private:
  Application(const Config& config, const Logger& logger);
  [[nodiscard]] Result<void> Listen();
  [[nodiscard]] Result<void> Serve();
  [[nodiscard]] HandlerContext Context();

  const Config config_;
  const Logger logger_;
  Instruments instruments_;
  Exposition exposition_;
  SnapshotStore snapshots_;
  TargetSet targets_;
  std::atomic<bool> stopping_{false};
  std::unique_ptr<Router> telemetry_router_;
  std::unique_ptr<HttpServer> telemetry_;
};

// Runs until SIGTERM or SIGINT; the exit code of the program. SIGHUP is ignored, with a line in the
// log.
[[nodiscard]] int RunApplication(const Config& config, const Logger& logger);

}  // namespace bullmq_exporter
