#pragma once

#include <atomic>
#include <memory>

#include "exporter/app/target_set.h"
#include "exporter/auth/authenticator.h"
#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/config/config.h"
#include "exporter/http/route.h"
#include "exporter/http/router.h"
#include "exporter/http/server.h"
#include "exporter/inspect/inspection.h"
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
  struct Listener {
    std::unique_ptr<Router> router;
    std::unique_ptr<HttpServer> server;
  };

  [[nodiscard]] Result<void> ListenForTelemetry();
  [[nodiscard]] Result<void> ListenForApi();
  [[nodiscard]] Result<Listener> Listen(ListenerKind kind, HandlerContext context,
                                        HttpServerConfig config);
  [[nodiscard]] Result<void> Serve();

  const Config config_;
  const Logger logger_;
  Instruments instruments_;
  Exposition exposition_;
  SnapshotStore snapshots_;
  TargetSet targets_;
  std::atomic<bool> stopping_{false};
  std::unique_ptr<Authenticator> authenticator_;  // null: the API is off
  InspectedTargets inspected_;
  Listener telemetry_;
  Listener api_;
};

// Runs until SIGTERM or SIGINT; the exit code of the program: 0, 1 where it cannot start, 2 where
// that is for a file with credentials (each fault is then a line on standard error). SIGHUP is
// ignored, with a line in the log.
[[nodiscard]] int RunApplication(const Config& config, const Logger& logger);

}  // namespace bullmq_exporter
