#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// Where a listener binds.
struct ListenAddress {
  std::string host;        // IP address (without brackets) or name; empty: every address
  std::uint16_t port = 0;  // 0: the system picks a free one
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// Parses `:9538`, `127.0.0.1:0`, `localhost:9538`, `[::1]:9538`. The message of a failure quotes
// the text and says what is allowed. Looks up no name.
[[nodiscard]] Result<ListenAddress> ParseListenAddress(std::string_view text);

// `127.0.0.1:9538`, `[::1]:9538`, `:9538`.
[[nodiscard]] std::string FormatListenAddress(const ListenAddress& address);

}  // namespace bullmq_exporter
