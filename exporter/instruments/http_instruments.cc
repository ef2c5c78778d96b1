#include "exporter/instruments/http_instruments.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "exporter/base/label_value.h"

namespace bullmq_exporter {
namespace {

struct RouteSeries {
  prometheus::Counter& requests;
  prometheus::Histogram& duration;
};

constexpr std::string_view kRejectReasons[] = {"connections", "per_address", "header", "deadline"};

}  // namespace

struct HttpInstruments::State {
  State(prometheus::Registry& registry, std::string_view name)
      : listener(LabelText(name)),
        requests(prometheus::BuildCounter()
                     .Name("bullmq_exporter_http_requests_total")
                     .Help("Requests that this listener has answered since the exporter started, "
                           "by route and status.")
                     .Register(registry)),
        durations(prometheus::BuildHistogram()
                      .Name("bullmq_exporter_http_request_duration_seconds")
                      .Help("Time from the end of a request's head to the end of its answer.")
                      .Register(registry)),
        rejected(prometheus::BuildCounter()
                     .Name("bullmq_exporter_http_rejected_total")
                     .Help("Connections and requests that this listener has turned away since the "
                           "exporter started, by the bound that they hit.")
                     .Register(registry)) {}

  const std::string listener;
  prometheus::Family<prometheus::Counter>& requests;
  prometheus::Family<prometheus::Histogram>& durations;
  prometheus::Family<prometheus::Counter>& rejected;

  // Families look series up by hashing all labels under a lock of theirs; these are dearer to build
  // than to find here.
  std::mutex mutex;
  std::map<std::pair<std::string, int>, RouteSeries> routes;
  std::map<std::string, prometheus::Counter*, std::less<>> reasons;
};

HttpInstruments::HttpInstruments(prometheus::Registry& registry, std::string_view listener)
    : state_(std::make_unique<State>(registry, listener)) {
  for (const std::string_view reason : kRejectReasons) {
    state_->reasons.emplace(reason, &state_->rejected.Add({{"listener", state_->listener},
                                                           {"reason", std::string(reason)}}));
  }
}

HttpInstruments::~HttpInstruments() = default;

void HttpInstruments::CountRequest(std::string_view handler, int code, double seconds) {
  static const prometheus::Histogram::BucketBoundaries kBuckets = {
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};
  std::pair key(std::string(handler), code);
  const std::lock_guard lock(state_->mutex);
  auto found = state_->routes.find(key);
  if (found == state_->routes.end()) {
    const prometheus::Labels labels = {{"listener", state_->listener},
                                       {"handler", LabelText(handler)},
                                       {"code", std::to_string(code)}};
    const RouteSeries series{state_->requests.Add(labels), state_->durations.Add(labels, kBuckets)};
    found = state_->routes.emplace(std::move(key), series).first;
  }
  found->second.requests.Increment();
  found->second.duration.Observe(seconds);
}

void HttpInstruments::CountRejected(std::string_view reason) {
  const std::lock_guard lock(state_->mutex);
  auto found = state_->reasons.find(reason);
  if (found == state_->reasons.end()) {
    auto& series =
        state_->rejected.Add({{"listener", state_->listener}, {"reason", LabelText(reason)}});
    found = state_->reasons.emplace(reason, &series).first;
  }
  found->second->Increment();
}

}  // namespace bullmq_exporter
