#include "exporter/inspect/inspection_error.h"

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

std::string_view UnavailableReason(const Error& error) {
  switch (error.code) {
    case ErrorCode::kTimeout: return "did not answer in time";
    case ErrorCode::kLoading: return "is loading its data";
    case ErrorCode::kBusy: return "is busy running a script";
    case ErrorCode::kReadonlyBrokenLink: return "is a replica without its master";
    case ErrorCode::kClusterDown: return "is part of a cluster that is down";
    case ErrorCode::kMaxClients: return "has too many clients";
    case ErrorCode::kAuth:
    case ErrorCode::kDatabase:
    case ErrorCode::kNoPermission: return "does not let us in";
    default: return "cannot be reached";
  }
}

}  // namespace

InspectionError QueueNotFound(std::string_view queue) {
  return {InspectionError::Kind::kNotFound, "Queue " + EscapeInvalidUtf8(queue) + " not found"};
}

std::string_view UnreadableReason(const Error& error) {
  switch (error.code) {
    case ErrorCode::kWrongType: return "a key has the wrong type";
    case ErrorCode::kNoPermission: return "access to its keys is denied";
    case ErrorCode::kTooLarge: return "it is too large";
    default: return "its keys cannot be read";
  }
}

InspectionError QueueUnreadable(std::string_view queue, const Error& error) {
  std::string message = "Queue " + EscapeInvalidUtf8(queue) + " cannot be read: ";
  message += UnreadableReason(error);
  return {InspectionError::Kind::kUnreadable, std::move(message)};
}

InspectionError RedisForbidden(std::string_view target) {
  return {InspectionError::Kind::kUnreadable,
          "Redis " + EscapeInvalidUtf8(target) + " denies access to the keys of every queue"};
}

InspectionError RedisUnavailable(std::string_view target, const Error& error) {
  std::string message = "Redis " + EscapeInvalidUtf8(target) + " ";
  message += UnavailableReason(error);
  return {InspectionError::Kind::kUnavailable, std::move(message)};
}

}  // namespace bullmq_exporter
