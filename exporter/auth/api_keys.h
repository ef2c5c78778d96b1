#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/auth/identity.h"
#include "exporter/base/error.h"
#include "exporter/base/sha256.h"

namespace bullmq_exporter {

// One entry of the keys file.
struct ApiKey {
  std::string name;
  Sha256Digest digest{};  // of the key's bytes as new-key printed them
  std::vector<std::string> permissions;
  std::optional<std::int64_t> expires_ms;     // since 1970; empty: never
  std::shared_ptr<const QueueLimits> limits;  // null: none
};

// The keys file:
//   keys:
//     - {name: oncall, sha256: <64 hex digits>, permissions: ["manage:all"],
//        expires: 2027-01-01T00:00:00Z, queues: ["*"], redis: ["*"], prefixes: ["*"]}
// Immutable; thread-safe.
class ApiKeys {
 public:
  // Fails with kInvalidArgument; the message has a line `FILE:LINE:COLUMN: …` for each fault, and
  // holds nothing of what stands behind sha256.
  [[nodiscard]] static Result<ApiKeys> Parse(std::string_view text, const std::string& file);

  // The entry of a key that a client sent, where it has not expired; null where there is none. All
  // entries are compared, in constant time.
  [[nodiscard]] const ApiKey* Find(std::string_view key, std::int64_t now_ms) const;

  [[nodiscard]] const std::vector<ApiKey>& keys() const { return keys_; }

 private:
  std::vector<ApiKey> keys_;
};

}  // namespace bullmq_exporter
