#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace bullmq_exporter {

// What went wrong, as far as callers act on it differently. The codes from kResolve on are the
// causes for which an exchange with Redis fails; their labels are the values of
// bullmq_exporter_poll_errors_total{reason}.
enum class ErrorCode {
  kInvalidArgument,  // bad input from a user or a file: the message says what to change
  kNotFound,
  kIo,        // a file or a local resource
  kInternal,  // an invariant of ours does not hold

  kResolve,             // the host name has no address
  kConnect,             // no connection: refused, unreachable, no such socket
  kTimeout,             // the deadline of the exchange passed
  kClosed,              // the peer closed or reset the connection
  kTls,                 // handshake or certificate
  kAuth,                // NOAUTH, WRONGPASS
  kDatabase,            // SELECT refused
  kNoPermission,        // NOPERM
  kWrongType,           // WRONGTYPE
  kLoading,             // LOADING
  kBusy,                // BUSY: a script runs
  kReadonlyBrokenLink,  // MASTERDOWN: a replica that lost its master
  kMaxClients,          // ERR max number of clients reached
  kProtocol,            // not RESP, or a reply nested or sized beyond reason
  kTooLarge,            // more bytes than the exchange may receive
  kClusterDown,         // CLUSTERDOWN, or a redirection that a single server cannot follow
  kOther,               // any other error reply
};

// The literal of docs/metrics.md for a code from kResolve on ("readonly_broken_link"); "other" for
// the rest.
[[nodiscard]] std::string_view ErrorLabel(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // for a person; holds no secret and no payload of a job

  // The same error with "context: " before its message, added on the way up.
  [[nodiscard]] Error In(std::string_view context) const {
    return {code, std::string(context) + ": " + message};
  }
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return tl::make_unexpected(Error{code, std::move(message)});
}
[[nodiscard]] inline tl::unexpected<Error> Fail(Error error) {
  return tl::make_unexpected(std::move(error));
}

}  // namespace bullmq_exporter
