#include "exporter/redis/reply.h"

#include <array>
#include <charconv>

namespace bullmq_exporter {
namespace {

struct ErrorPrefix {
  std::string_view prefix;
  ErrorCode code;
  bool whole_server;
};

// The first words that Redis and Valkey give their errors. BUSYGROUP and the like are no BUSY: a
// prefix ends at a blank.
constexpr std::array kErrorPrefixes = {
    ErrorPrefix{"NOPERM ", ErrorCode::kNoPermission, false},
    ErrorPrefix{"WRONGTYPE ", ErrorCode::kWrongType, false},
    ErrorPrefix{"NOAUTH ", ErrorCode::kAuth, true},
    ErrorPrefix{"WRONGPASS ", ErrorCode::kAuth, true},
    ErrorPrefix{"ERR invalid password", ErrorCode::kAuth, true},
    ErrorPrefix{"ERR Client sent AUTH, but no password is set", ErrorCode::kAuth, true},
    ErrorPrefix{"ERR AUTH ", ErrorCode::kAuth, true},
    ErrorPrefix{"ERR DB index is out of range", ErrorCode::kDatabase, true},
    ErrorPrefix{"ERR invalid DB index", ErrorCode::kDatabase, true},
    ErrorPrefix{"ERR SELECT is not allowed in cluster mode", ErrorCode::kDatabase, true},
    ErrorPrefix{"LOADING ", ErrorCode::kLoading, true},
    ErrorPrefix{"BUSY ", ErrorCode::kBusy, true},
    ErrorPrefix{"MASTERDOWN ", ErrorCode::kReadonlyBrokenLink, true},
    ErrorPrefix{"ERR max number of clients", ErrorCode::kMaxClients, true},
    ErrorPrefix{"CLUSTERDOWN ", ErrorCode::kClusterDown, true},
    ErrorPrefix{"MOVED ", ErrorCode::kClusterDown, true},
    ErrorPrefix{"ASK ", ErrorCode::kClusterDown, true},
    ErrorPrefix{"TRYAGAIN ", ErrorCode::kClusterDown, true},
};

const ErrorPrefix* FindPrefix(std::string_view text) {
  for (const ErrorPrefix& entry : kErrorPrefixes) {
    if (text.starts_with(entry.prefix)) return &entry;
  }
  return nullptr;
}

}  // namespace

std::optional<std::int64_t> Reply::AsInteger() const {
  if (type == Type::kInteger) return integer;
  if (type != Type::kString) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return value;
}

Error ErrorOf(const Reply& error_reply) {
  const ErrorPrefix* entry = FindPrefix(error_reply.text);
  return {entry ? entry->code : ErrorCode::kOther, error_reply.text};
}

bool IsServerError(const Reply& reply) {
  if (!reply.is_error()) return false;
  const ErrorPrefix* entry = FindPrefix(reply.text);
  return entry != nullptr && entry->whole_server;
}

}  // namespace bullmq_exporter
