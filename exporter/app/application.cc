#include "exporter/app/application.h"

#include <csignal>
#include <iostream>
#include <string>
#include <utility>

#include "exporter/app/signals.h"
#include "exporter/app/systemd_notify.h"

namespace bullmq_exporter {
namespace {

ExpositionSettings SettingsOf(const Config& config) {
  return {.poll_interval = config.poll.interval,
          .failures_window = config.failures.window,
          .compatibility = config.metrics.compatibility};
}

// A file of credentials that cannot be used at the start is wrong configuration. (One that goes bad
// later keeps what was read before.) Faults in it name their own place.
Error WrongCredentials(const Error& error) {
  if (error.code == ErrorCode::kInvalidArgument) return error;
  return {ErrorCode::kInvalidArgument, "credentials of the API: " + error.message};
}

}  // namespace

Application::Application(const Config& config, const Logger& logger)
    : config_(config),
      logger_(logger),
      exposition_(SettingsOf(config), instruments_.registry()),
      targets_(config, instruments_, snapshots_, exposition_, logger_) {}

Application::~Application() {
  stopping_ = true;
  // First, so that no request waits for a Redis that does not answer.
  targets_.RequestStop();
  // Both at once: clients that do not read may hold up the end of each for a while.
  if (api_.server) api_.server->BeginStop();
  if (telemetry_.server) telemetry_.server->BeginStop();
  if (api_.server) api_.server->Stop();
  if (telemetry_.server) telemetry_.server->Stop();
  targets_.Join();
}

Result<std::unique_ptr<Application>> Application::Start(const Config& config,
                                                        const Logger& logger) {
  std::unique_ptr<Application> application(new Application(config, logger));
  // Ports and files first: what is wrong with them is known before anything runs.
  if (auto done = application->ListenForTelemetry(); !done) return Fail(done.error());
  if (auto done = application->ListenForApi(); !done) return Fail(done.error());
  application->targets_.Start();
  if (auto done = application->Serve(); !done) return Fail(done.error());
  return application;
}

Result<void> Application::ListenForTelemetry() {
  HandlerContext context;
  context.exposition = &exposition_;
  context.ready = [this] { return !stopping_ && targets_.AllPolled(); };
  HttpServerConfig server;
  server.listen_address = config_.web.listen_address;
  server.max_connections = config_.web.max_connections;
  server.max_connections_per_address = config_.web.max_connections_per_address;
  auto listener = Listen(ListenerKind::kTelemetry, std::move(context), std::move(server));
  if (!listener) return Fail(listener.error().In("web.listen_address"));
  telemetry_ = std::move(*listener);
  return {};
}

Result<void> Application::ListenForApi() {
  if (!config_.api.enabled()) return {};
  auto authenticator = Authenticator::Create(config_.api, logger_);
  if (!authenticator) return Fail(WrongCredentials(authenticator.error()));
  authenticator_ = std::move(*authenticator);
  for (const auto& target : targets_.targets()) {
    inspected_.push_back(target->Inspected(snapshots_));
  }
  HandlerContext context;
  context.authenticator = authenticator_.get();
  context.targets = &inspected_;
  context.api = &config_.api;
  HttpServerConfig server;
  server.listen_address = config_.api.listen_address;
  server.max_connections = config_.api.max_connections;
  server.max_connections_per_address = config_.api.max_connections_per_address;
  server.error_format = ErrorFormat::kJson;
  auto listener = Listen(ListenerKind::kApi, std::move(context), std::move(server));
  if (!listener) return Fail(listener.error().In("api.listen_address"));
  api_ = std::move(*listener);
  return {};
}

Result<Application::Listener> Application::Listen(ListenerKind kind, HandlerContext context,
                                                  HttpServerConfig config) {
  HttpInstruments& instruments =
      instruments_.Http(kind == ListenerKind::kApi ? "api" : "telemetry");
  auto router = std::make_unique<Router>(kind, std::move(context), instruments, logger_);
  auto server = HttpServer::Listen(
      std::move(config),
      [router = router.get()](const HttpRequest& request) { return router->Handle(request); },
      [&instruments](std::string_view reason) { instruments.CountRejected(reason); }, logger_);
  if (!server) return Fail(server.error());
  return Listener{std::move(router), std::move(*server)};
}

Result<void> Application::Serve() {
  if (auto done = telemetry_.server->Start(); !done) return done;
  if (api_.server) {
    if (auto done = api_.server->Start(); !done) return done;
  }
  logger_.Info("listening", {{"telemetry", telemetry_.server->address()},
                             {"api", api_.server ? api_.server->address() : "off"}});
  if (auto told = NotifySystemd("READY=1"); !told) {
    logger_.Warn("systemd was not told", {{"error", told.error().message}});
  }
  return {};
}

int RunApplication(const Config& config, const Logger& logger) {
  BlockSignals();
  auto application = Application::Start(config, logger);
  if (!application) {
    const Error& error = application.error();
    if (error.code == ErrorCode::kInvalidArgument) {
      std::cerr << error.message << '\n';
      return 2;
    }
    logger.Error("cannot start", {{"error", error.message}});
    return 1;
  }
  for (;;) {
    const int signal = WaitForSignal();
    if (signal != SIGHUP) {
      logger.Info("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
      return 0;
    }
    logger.Info("SIGHUP is ignored: the configuration is read at start only");
  }
}

}  // namespace bullmq_exporter
