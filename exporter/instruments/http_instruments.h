#pragma once

#include <memory>
#include <string_view>

namespace prometheus {
class Registry;
}  // namespace prometheus

namespace bullmq_exporter {

// What one listener answered and what it turned away. Series: bullmq_exporter_http_requests_total
// and bullmq_exporter_http_request_duration_seconds {listener, handler, code}, which appear with
// the first such answer; bullmq_exporter_http_rejected_total {listener, reason}, which begin at 0
// for the reasons connections, per_address, header and deadline. Thread-safe.
class HttpInstruments {
 public:
  // Registers the families, or takes up those that are there. `registry` must outlive this.
  // `listener` is "telemetry" or "api".
  HttpInstruments(prometheus::Registry& registry, std::string_view listener);
  HttpInstruments(const HttpInstruments&) = delete;
  HttpInstruments& operator=(const HttpInstruments&) = delete;
  ~HttpInstruments();

  // An answer was sent, or the client left while it was. `handler` is the route as the table of
  // routes spells it, never the path that was asked for: each one is a series for ever. `code` is
  // the status.
  void CountRequest(std::string_view handler, int code, double seconds);

  // A connection or a request was turned away before a handler saw it. `reason` is one of the
  // literals above, never anything that a client sent.
  void CountRejected(std::string_view reason);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bullmq_exporter
