#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// One RESP2 reply. A status (`+OK`) is a string.
struct Reply {
  enum class Type : std::uint8_t { kNil, kInteger, kString, kArray, kError };

  Type type = Type::kNil;
  std::int64_t integer = 0;     // kInteger
  std::string text;             // kString, kError
  std::vector<Reply> elements;  // kArray

  [[nodiscard]] bool is_nil() const { return type == Type::kNil; }
  [[nodiscard]] bool is_error() const { return type == Type::kError; }
  [[nodiscard]] bool is_string() const { return type == Type::kString; }
  [[nodiscard]] bool is_array() const { return type == Type::kArray; }
  // The number of an integer reply, or of a string that is wholly a decimal integer.
  [[nodiscard]] std::optional<std::int64_t> AsInteger() const;
};

// The cause behind an error reply, by its first word (NOPERM, WRONGTYPE, LOADING, …); the message
// is the server's text.
[[nodiscard]] Error ErrorOf(const Reply& error_reply);

// True where an error reply speaks of the whole server rather than of its command (LOADING, BUSY,
// MASTERDOWN, CLUSTERDOWN, NOAUTH, max clients): nothing else of the same exchange can be trusted.
[[nodiscard]] bool IsServerError(const Reply& reply);

// The replies to a Pipeline, by the index of the command.
class Replies {
 public:
  Replies() = default;
  explicit Replies(std::vector<Reply> replies) : replies_(std::move(replies)) {}

  [[nodiscard]] std::size_t size() const { return replies_.size(); }
  [[nodiscard]] Reply& operator[](std::size_t index) { return replies_[index]; }
  [[nodiscard]] const Reply& operator[](std::size_t index) const { return replies_[index]; }
  // All of them, in order; on a Cluster those of every node.
  [[nodiscard]] std::span<const Reply> All() const { return replies_; }
  // For a command with Route::kEachPrimary or kEachNode: the reply of each node (one on a single
  // server).
  [[nodiscard]] std::span<const Reply> PerNode(std::size_t index) const {
    return {&replies_[index], 1};
  }

 private:
  std::vector<Reply> replies_;
};

}  // namespace bullmq_exporter
