#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bullmq_exporter {

// Where a command may go. On a single server all routes are the same connection; only a client for
// a Cluster tells them apart, so that no reader changes when one comes.
enum class Route {
  kKey,          // the node that holds the first key of the command
  kAnyNode,      // one node, whichever
  kEachPrimary,  // every primary: the command has one reply from each
  kEachNode,     // every node
};

// Commands that travel together. They are kept as the bytes that are sent (RESP), in one buffer,
// for a poll has tens of thousands of them. Not thread-safe.
class Pipeline {
 public:
  // Appends a command, its name first; binary-safe. Returns its index, which is that of its reply.
  std::size_t Add(Route route, std::initializer_list<std::string_view> args);
  std::size_t Add(Route route, std::span<const std::string_view> args);

  [[nodiscard]] std::size_t size() const { return commands_.size(); }
  [[nodiscard]] bool empty() const { return commands_.empty(); }
  // Forgets the commands, keeps the memory.
  void Clear();

  [[nodiscard]] Route route(std::size_t index) const { return commands_[index].route; }
  // The command's bytes as sent; valid until the next Add or Clear.
  [[nodiscard]] std::string_view Encoded(std::size_t index) const;
  // The bytes of all commands.
  [[nodiscard]] std::string_view Encoded() const { return buffer_; }
  // The command's words; the views are valid until the next Add or Clear.
  [[nodiscard]] std::vector<std::string_view> Args(std::size_t index) const;

 private:
  struct Command {
    std::size_t begin;
    Route route;
  };
  std::string buffer_;
  std::vector<Command> commands_;
};

}  // namespace bullmq_exporter
