#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace bullmq_exporter {

// How many connections a listener holds, in all and from each address, against its bounds. Not
// thread-safe.
class ConnectionCounts {
 public:
  enum class Verdict { kAdmitted, kFull, kAddressFull };

  ConnectionCounts(std::size_t max_connections, std::size_t max_connections_per_address)
      : max_(max_connections), max_per_address_(max_connections_per_address) {}

  // Counts one more when it is admitted.
  [[nodiscard]] Verdict Admit(const std::string& address);

  // One that was admitted has ended.
  void Release(const std::string& address);

  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  const std::size_t max_;
  const std::size_t max_per_address_;
  std::size_t total_ = 0;
  std::map<std::string, std::size_t> by_address_;  // no entry is 0
};

}  // namespace bullmq_exporter
