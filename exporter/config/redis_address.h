#pragma once

#include <string>
#include <string_view>

#include "exporter/base/error.h"
#include "exporter/config/config.h"

namespace bullmq_exporter {

// Parses the address of a Redis:
//
//   redis://[user[:password]@]host[:port][/db]     TCP; an IPv6 address stands in brackets
//   rediss://…                                     the same with TLS
//   unix://[user[:password]@]/path[?db=N]          a unix socket
//
// User, password and path are percent-decoded, the scheme may have any case. Returns a RedisConfig
// with `address`, `username` and `password` set. Fails with kInvalidArgument and a message that
// says what to change and quotes nothing of the text, for it may hold the password.
[[nodiscard]] Result<RedisConfig> ParseRedisAddress(std::string_view text);

// `host:port`, `[ipv6]:port` or the socket's path: for logs, errors and labels.
[[nodiscard]] std::string Endpoint(const RedisAddress& address);

}  // namespace bullmq_exporter
