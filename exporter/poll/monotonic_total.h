#pragma once

#include <cstdint>
#include <optional>

namespace bullmq_exporter {

// A total that Redis keeps, as a counter that never falls. It begins at what Redis says. Where the
// total falls there (a failover that lost ten ids, an obliterated queue) ours stays, and goes on
// from there by what is added: passed through raw, a fall by ten would be an increase of a million
// to Prometheus.
class MonotonicTotal {
 public:
  // What Redis says now; nothing where the key is gone or unreadable: then the total has no value,
  // and a key that comes back is a fall to what it says.
  void Update(std::optional<std::int64_t> raw) {
    present_ = raw.has_value();
    if (!raw) return;
    if (!seen_)
      total_ = *raw;
    else if (*raw > raw_)
      total_ += *raw - raw_;
    raw_ = *raw;
    seen_ = true;
  }
  [[nodiscard]] std::optional<std::int64_t> value() const {
    return present_ ? std::optional(total_) : std::nullopt;
  }

 private:
  std::int64_t raw_ = 0;
  std::int64_t total_ = 0;
  bool seen_ = false;
  bool present_ = false;
};

}  // namespace bullmq_exporter
