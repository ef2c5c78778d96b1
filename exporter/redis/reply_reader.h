#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/redis/redis_client.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Reads the replies of one exchange from bytes as they arrive, in pieces of any size, with bounded
// memory whatever a server sends. The only class that knows hiredis. Not thread-safe.
class ReplyReader {
 public:
  // `replies` is the number of commands sent, at least one. Of `limits` the bytes and elements
  // count.
  ReplyReader(std::size_t replies, const ExchangeLimits& limits);
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;
  ~ReplyReader();

  // Takes the next bytes. Fails with kTooLarge above limits.max_bytes, and with kProtocol on what
  // is not RESP2, on arrays of more than max_elements or nested deeper than 8, on a line of more
  // than 64 KiB, and on bytes behind the last reply. After a failure the connection is of no use.
  [[nodiscard]] Result<void> Feed(std::string_view bytes);

  // True when every reply has come.
  [[nodiscard]] bool done() const;
  // How many replies have come whole.
  [[nodiscard]] std::size_t finished() const;
  // The replies; those from finished() on are nil or incomplete.
  [[nodiscard]] const std::vector<Reply>& replies() const;
  [[nodiscard]] std::vector<Reply> Take();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace bullmq_exporter
