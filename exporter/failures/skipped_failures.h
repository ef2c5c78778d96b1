#pragma once

#include <cstdint>
#include <vector>

namespace bullmq_exporter {

// How many failures of a queue nobody has counted, within the window. When each of them happened is
// not known, only between which times some of them did: they leave the window evenly. Bounded: many
// ranges become fewer and longer ones.
class SkippedFailures {
 public:
  // `count` failures between `begin_ms` and `end_ms` (if that is not later, all at `begin_ms`).
  void Add(std::int64_t count, std::int64_t begin_ms, std::int64_t end_ms);

  // Drops what is wholly before `cutoff_ms`.
  void Slide(std::int64_t cutoff_ms);

  // How many happened at or after `cutoff_ms`, rounded up.
  [[nodiscard]] std::int64_t CountFrom(std::int64_t cutoff_ms) const;

  [[nodiscard]] bool empty() const { return ranges_.empty(); }

 private:
  struct Range {
    std::int64_t count = 0;
    std::int64_t begin_ms = 0;
    std::int64_t end_ms = 0;  // later than begin_ms
  };

  std::vector<Range> ranges_;
};

}  // namespace bullmq_exporter
