#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bullmq_exporter {

// Globs that limit an API key to some queues. An empty list limits nothing.
struct QueueLimits {
  std::vector<std::string> queues;
  std::vector<std::string> targets;
  std::vector<std::string> prefixes;
};

// Who was let in. Immutable.
class Identity {
 public:
  // `limits` may be null: then everything is seen.
  Identity(std::string name, std::shared_ptr<const QueueLimits> limits)
      : name_(std::move(name)), limits_(std::move(limits)) {}

  // Name of the API key, or `sub` of the token: for the log.
  [[nodiscard]] const std::string& name() const { return name_; }
  // False for the queues that a key does not reach; without a queue, where it reaches none. All
  // three are raw bytes (model/queue_id.h).
  [[nodiscard]] bool MaySee(std::string_view target, std::string_view prefix,
                            std::optional<std::string_view> queue) const;
  // True where MaySee is true for every queue.
  [[nodiscard]] bool sees_everything() const { return limits_ == nullptr; }

 private:
  std::string name_;
  std::shared_ptr<const QueueLimits> limits_;
};

}  // namespace bullmq_exporter
