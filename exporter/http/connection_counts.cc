#include "exporter/http/connection_counts.h"

namespace bullmq_exporter {

ConnectionCounts::Verdict ConnectionCounts::Admit(const std::string& address) {
  const auto found = by_address_.find(address);
  if (found != by_address_.end() && found->second >= max_per_address_) return Verdict::kAddressFull;
  if (total_ >= max_) return Verdict::kFull;
  ++total_;
  ++by_address_[address];
  return Verdict::kAdmitted;
}

void ConnectionCounts::Release(const std::string& address) {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return;
  --total_;
  if (--found->second == 0) by_address_.erase(found);
}

}  // namespace bullmq_exporter
