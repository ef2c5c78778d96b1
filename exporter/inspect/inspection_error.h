#pragma once

#include <string>
#include <string_view>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// Why there is no answer.
struct InspectionError {
  enum class Kind {
    kBadRequest,   // 400: the selection names a target or prefix that is not configured
    kNotFound,     // 404: unknown, excluded or hidden queue
    kAmbiguous,    // 409: the name stands in several (target, prefix) and none was selected
    kUnreadable,   // 502: keys of the queue have a wrong type, are forbidden or beyond every bound
    kUnavailable,  // 503 with Retry-After: Redis does not answer, or not in time
  };
  Kind kind = Kind::kUnavailable;
  std::string message;  // valid UTF-8; for the member `message` of the answer
};

// "Queue ingestion not found".
[[nodiscard]] InspectionError QueueNotFound(std::string_view queue);

// Why the keys of a queue could not be read, in words that hold no address, user or key.
[[nodiscard]] std::string_view UnreadableReason(const Error& error);
// "Queue ingestion cannot be read: a key has the wrong type".
[[nodiscard]] InspectionError QueueUnreadable(std::string_view queue, const Error& error);

// Every queue of the target is forbidden to us.
[[nodiscard]] InspectionError RedisForbidden(std::string_view target);

// "Redis default did not answer in time"; holds no address either.
[[nodiscard]] InspectionError RedisUnavailable(std::string_view target, const Error& error);

}  // namespace bullmq_exporter
