#include "exporter/http/probe.h"

#include <httplib.h>

#include <algorithm>
#include <future>
#include <string>

#include "exporter/base/clock.h"

namespace bullmq_exporter {
namespace {

struct Url {
  std::string origin;  // "http://127.0.0.1:9538"
  std::string target;  // "/-/healthy?x"
};

Result<Url> ParseUrl(const std::string& url) {
  const std::size_t scheme_end = url.find("://");
  const std::string scheme = url.substr(0, scheme_end);
  const std::size_t authority = scheme_end == std::string::npos ? url.size() : scheme_end + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", authority), url.size());
  if ((scheme != "http" && scheme != "https") || end == authority ||
      url.find_first_of(" \t\r\n@") != std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument,
                "'" + url + "' must be such as http://127.0.0.1:9538/-/healthy");
  }
  std::string target = url.substr(end, url.find('#') - end);
  if (target.empty() || target.front() != '/') target.insert(0, "/");
  return Url{url.substr(0, end), std::move(target)};
}

Error ToError(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::BindIPAddress: return {ErrorCode::kConnect, "cannot connect"};
    case httplib::Error::ConnectionTimeout: return {ErrorCode::kTimeout, "no answer in time"};
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLServerHostnameVerification:
      return {ErrorCode::kTls, "the TLS handshake failed"};
    default: return {ErrorCode::kProtocol, "no HTTP response"};
  }
}

}  // namespace

Result<int> Probe(const std::string& url, std::chrono::milliseconds deadline) {
  const Result<Url> parsed = ParseUrl(url);
  if (!parsed) return Fail(parsed.error());
  const SteadyClock::time_point end = SteadyClock::now() + deadline;
  httplib::Client client(parsed->origin);
  if (!client.is_valid()) return Fail(ErrorCode::kInvalidArgument, "'" + url + "' is no URL");
  client.set_connection_timeout(deadline);
  client.set_read_timeout(deadline);
  client.set_write_timeout(deadline);
  client.set_keep_alive(false);
  // The library's timeouts are per read: a server that drips is ended from outside.
  std::future<httplib::Result> running = std::async(std::launch::async, [&] {
    return client.Get(parsed->target, [](const char*, std::size_t) { return true; });
  });
  for (auto until = end; running.wait_until(until) != std::future_status::ready;) {
    client.stop();  // nothing yet where no connection stands: then again
    until = SteadyClock::now() + std::chrono::milliseconds(20);
  }
  const httplib::Result result = running.get();
  if (result) return result->status;
  if (SteadyClock::now() >= end) return Fail(ErrorCode::kTimeout, url + ": no answer in time");
  return Fail(ToError(result.error()).In(url));
}

}  // namespace bullmq_exporter
