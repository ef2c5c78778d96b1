#include "exporter/cli/healthcheck.h"

#include <chrono>
#include <ostream>

#include "exporter/cli/exit_code.h"
#include "exporter/config/configuration.h"
#include "exporter/config/listen_address.h"
#include "exporter/http/probe.h"

namespace bullmq_exporter {
namespace {

constexpr std::chrono::seconds kDeadline(3);

int Ask(const std::string& url, std::ostream& err) {
  const auto status = Probe(url, kDeadline);
  if (!status) {
    err << "bullmq_exporter: " << status.error().message << "\n";  // names the URL
    return status.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitFailure;
  }
  if (*status == 200) return kExitOk;
  err << "bullmq_exporter: " << url << ": answers " << *status << "\n";
  return kExitFailure;
}

}  // namespace

Result<std::string> HealthcheckUrl(const std::string& listen_address) {
  auto address = ParseListenAddress(listen_address);
  if (!address) return Fail(address.error());
  if (address->port == 0) {
    return Fail(
        ErrorCode::kInvalidArgument,
        "the port of " + listen_address + " is known to the running exporter alone; say --url");
  }
  if (address->host.empty() || address->host == "0.0.0.0") address->host = "127.0.0.1";
  if (address->host == "::") address->host = "::1";
  return "http://" + FormatListenAddress(*address) + "/-/healthy";
}

int Healthcheck(const FlagValues& own_flags, const FlagValues& flags,
                const Environment& environment, std::ostream& err) {
  if (const auto url = own_flags.find("url"); url != own_flags.end()) {
    return Ask(url->second.back(), err);
  }
  const auto configuration = MakeConfiguration(flags, environment);
  if (!configuration) {
    for (const std::string& line : configuration.error()) err << line << "\n";
    return kExitUsage;
  }
  const auto url = HealthcheckUrl(configuration->config->web.listen_address);
  if (!url) {
    err << "bullmq_exporter: healthcheck: " << url.error().message << "\n";
    return kExitUsage;
  }
  return Ask(*url, err);
}

}  // namespace bullmq_exporter
