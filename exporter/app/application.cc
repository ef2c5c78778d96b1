#include "exporter/app/application.h"

#include <csignal>
#include <string>
#include <utility>

#include "exporter/app/signals.h"
#include "exporter/app/systemd_notify.h"
#include "exporter/base/build_info.h"

namespace bullmq_exporter {
namespace {

ExpositionSettings SettingsOf(const Config& config) {
  return {.poll_interval = config.poll.interval,
          .failures_window = config.failures.window,
          .compatibility = config.metrics.compatibility};
}

}  // namespace

Application::Application(const Config& config, const Logger& logger)
    : config_(config),
      logger_(logger),
      exposition_(SettingsOf(config), instruments_.registry()),
      targets_(instruments_, snapshots_, exposition_, logger_) {}

Application::~Application() {
  stopping_ = true;
  if (telemetry_) telemetry_->Stop();
  targets_.Stop();
}

Result<std::unique_ptr<Application>> Application::Start(const Config& config,
                                                        const Logger& logger) {
  std::unique_ptr<Application> application(new Application(config, logger));
  if (auto done = application->Listen(); !done) return Fail(done.error());
  application->targets_.Start(config);
  if (auto done = application->Serve(); !done) return Fail(done.error());
  return application;
}

HandlerContext Application::Context() {
  HandlerContext context;
  context.scrape = [this](bool open_metrics, bool gzip) {
    const auto format = open_metrics ? ExpositionFormat::kOpenMetrics : ExpositionFormat::kText;
    auto body = std::make_shared<const ScrapeBody>(exposition_.Scrape(format, gzip));
    return Scrape{std::string(body->content_type()),
                  body->gzip(),
                  {body->size(), [body](const BodySink& sink) { return body->Write(sink); }}};
  };
  context.ready = [this] { return !stopping_ && targets_.AllPolled(); };
  context.version = GetBuildInfo().version;
  return context;
}

Result<void> Application::Listen() {
  HttpInstruments& instruments = instruments_.Http("telemetry");
  telemetry_router_ =
      std::make_unique<Router>(ListenerKind::kTelemetry, Context(), instruments, logger_);
  HttpServerConfig telemetry;
  telemetry.listen_address = config_.web.listen_address;
  telemetry.max_connections = config_.web.max_connections;
  telemetry.max_connections_per_address = config_.web.max_connections_per_address;
  auto server = HttpServer::Listen(
      telemetry,
      [router = telemetry_router_.get()](const HttpRequest& request) {
        return router->Handle(request);
      },
      [&instruments](std::string_view reason) { instruments.CountRejected(reason); }, logger_);
  if (!server) return Fail(server.error().In("web.listen_address"));
  telemetry_ = std::move(*server);
  return {};
}

Result<void> Application::Serve() {
  if (auto done = telemetry_->Start(); !done) return done;
  logger_.Info("listening", {{"telemetry", telemetry_->address()}, {"api", "off"}});
  if (auto told = NotifySystemd("READY=1"); !told) {
    logger_.Warn("systemd was not told", {{"error", told.error().message}});
  }
  return {};
}

int RunApplication(const Config& config, const Logger& logger) {
  BlockSignals();
  auto application = Application::Start(config, logger);
  if (!application) {
    logger.Error("cannot start", {{"error", application.error().message}});
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
