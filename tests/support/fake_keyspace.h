#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "exporter/redis/reply.h"

namespace bullmq_exporter {

struct StreamId {
  std::uint64_t ms = 0;
  std::uint64_t sequence = 0;
  friend auto operator<=>(const StreamId&, const StreamId&) = default;
  [[nodiscard]] std::string Text() const;
};

struct FakeStream {
  struct Entry {
    StreamId id;
    std::vector<std::string> fields;  // name, value, name, value, …
  };
  std::deque<Entry> entries;
  StreamId last_id;
  std::uint64_t entries_added = 0;
};

using FakeString = std::string;
using FakeList = std::deque<std::string>;
using FakeSet = std::set<std::string>;
using FakeHash = std::map<std::string, std::string>;
using FakeZset = std::map<std::string, double>;  // member → score
using FakeValue = std::variant<FakeString, FakeList, FakeSet, FakeHash, FakeZset, FakeStream>;

// The keys of the fake server, of which those that have expired are not there.
class FakeKeyspace {
 public:
  struct Key {
    FakeValue value;
    std::optional<std::int64_t> expires_ms;
  };

  std::int64_t now_ms = 1'700'000'000'000;

  // nullptr where there is no such key.
  [[nodiscard]] Key* Find(const std::string& name);
  void Set(const std::string& name, FakeValue value) { keys_[name] = {std::move(value), {}}; }
  bool Delete(const std::string& name);
  // Every key that has not expired.
  [[nodiscard]] std::map<std::string, Key>& keys();

 private:
  std::map<std::string, Key> keys_;
};

// "string", "list", "set", "hash", "zset", "stream".
[[nodiscard]] std::string_view TypeName(const FakeValue& value);

using FakeArgs = std::vector<std::string>;  // the command's words, its name first
using FakeFunction = Reply (*)(FakeKeyspace&, const FakeArgs&);

struct FakeCommand {
  std::size_t min_args;  // the name included
  std::size_t max_args;
  FakeFunction function;
};
using FakeCommands = std::map<std::string, FakeCommand, std::less<>>;
inline constexpr std::size_t kAnyArgs = std::numeric_limits<std::size_t>::max();

[[nodiscard]] const FakeCommands& KeyAndStringCommands();
[[nodiscard]] const FakeCommands& ListAndSetCommands();
[[nodiscard]] const FakeCommands& HashCommands();
[[nodiscard]] const FakeCommands& ZsetCommands();
[[nodiscard]] const FakeCommands& StreamCommands();

[[nodiscard]] Reply NilReply();
[[nodiscard]] Reply IntegerReply(std::int64_t value);
[[nodiscard]] Reply TextReply(std::string text);
[[nodiscard]] Reply ErrorReply(std::string text);
[[nodiscard]] Reply ArrayReply(std::vector<Reply> elements);
[[nodiscard]] Reply TextsReply(const std::vector<std::string>& texts);
[[nodiscard]] Reply WrongTypeReply();
[[nodiscard]] Reply NotAnIntegerReply();
[[nodiscard]] Reply SyntaxErrorReply();

[[nodiscard]] std::optional<std::int64_t> ToInteger(std::string_view text);
[[nodiscard]] bool EqualsWord(std::string_view text, std::string_view upper_case_word);
// The patterns of SCAN MATCH: * ? [a-c] [^x] and a backslash before a character meant as itself.
[[nodiscard]] bool RedisPatternMatches(std::string_view pattern, std::string_view text);
// Redis' range of indexes, negative ones from the end, as [first, last); empty where it holds
// nothing.
[[nodiscard]] std::pair<std::size_t, std::size_t> IndexRange(std::int64_t start, std::int64_t stop,
                                                             std::size_t size);

// The value of a key as T: nullptr in `value` where there is no such key, `wrong_type` where it is
// another type.
template <class T>
struct Typed {
  T* value = nullptr;
  bool wrong_type = false;
};
template <class T>
[[nodiscard]] Typed<T> FindAs(FakeKeyspace& keyspace, const std::string& name) {
  FakeKeyspace::Key* key = keyspace.Find(name);
  if (key == nullptr) return {};
  T* value = std::get_if<T>(&key->value);
  return {value, value == nullptr};
}
// The same for a write: makes the key where it is not there.
template <class T>
[[nodiscard]] T* FindOrMake(FakeKeyspace& keyspace, const std::string& name) {
  if (keyspace.Find(name) == nullptr) keyspace.Set(name, T());
  return std::get_if<T>(&keyspace.Find(name)->value);
}
// Deletes the key where the last element has been removed, as Redis does (but for streams).
template <class T>
void DeleteIfEmpty(FakeKeyspace& keyspace, const std::string& name, const T& value) {
  if (value.empty()) keyspace.Delete(name);
}

}  // namespace bullmq_exporter
