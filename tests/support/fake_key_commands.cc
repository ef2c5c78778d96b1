// Commands on keys of any type, and on strings.
#include <functional>
#include <string>
#include <tuple>

#include "tests/support/fake_keyspace.h"

namespace bullmq_exporter {
namespace {

Reply Type(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto* key = keyspace.Find(args[1]);
  return TextReply(key == nullptr ? "none" : std::string(TypeName(key->value)));
}

Reply Exists(FakeKeyspace& keyspace, const FakeArgs& args) {
  std::int64_t count = 0;
  for (std::size_t i = 1; i < args.size(); ++i) count += keyspace.Find(args[i]) != nullptr ? 1 : 0;
  return IntegerReply(count);
}

Reply Del(FakeKeyspace& keyspace, const FakeArgs& args) {
  std::int64_t count = 0;
  for (std::size_t i = 1; i < args.size(); ++i) count += keyspace.Delete(args[i]) ? 1 : 0;
  return IntegerReply(count);
}

Reply Rename(FakeKeyspace& keyspace, const FakeArgs& args) {
  auto* key = keyspace.Find(args[1]);
  if (key == nullptr) return ErrorReply("ERR no such key");
  FakeKeyspace::Key moved = std::move(*key);
  keyspace.Delete(args[1]);
  keyspace.Set(args[2], {});
  *keyspace.Find(args[2]) = std::move(moved);
  return TextReply("OK");
}

Reply Pexpire(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto ms = ToInteger(args[2]);
  if (!ms) return NotAnIntegerReply();
  auto* key = keyspace.Find(args[1]);
  if (key == nullptr) return IntegerReply(0);
  key->expires_ms = keyspace.now_ms + *ms;
  return IntegerReply(1);
}

Reply Pttl(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto* key = keyspace.Find(args[1]);
  if (key == nullptr) return IntegerReply(-2);
  return IntegerReply(key->expires_ms ? *key->expires_ms - keyspace.now_ms : -1);
}

Reply Get(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeString>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  return found.value == nullptr ? NilReply() : TextReply(*found.value);
}

Reply Strlen(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeString>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  return IntegerReply(found.value == nullptr ? 0 : static_cast<std::int64_t>(found.value->size()));
}

Reply Set(FakeKeyspace& keyspace, const FakeArgs& args) {
  keyspace.Set(args[1], args[2]);
  if (args.size() == 3) return TextReply("OK");
  const auto ms = args.size() == 5 && EqualsWord(args[3], "PX") ? ToInteger(args[4]) : std::nullopt;
  if (!ms) return SyntaxErrorReply();
  keyspace.Find(args[1])->expires_ms = keyspace.now_ms + *ms;
  return TextReply("OK");
}

// A place in the order of the keys that stays where it is when other keys come and go, so that SCAN
// meets every key that is there all the time. Never 0, which ends a pass.
std::uint64_t Place(const std::string& key) { return (std::hash<std::string>()(key) >> 2) + 1; }

struct ScanOptions {
  std::string match = "*";
  std::int64_t count = 10;
  std::optional<std::string> type;
};

std::optional<Reply> ParseScan(const FakeArgs& args, ScanOptions& options) {
  for (std::size_t i = 2; i < args.size(); i += 2) {
    if (i + 1 == args.size()) return SyntaxErrorReply();
    if (EqualsWord(args[i], "MATCH")) {
      options.match = args[i + 1];
    } else if (EqualsWord(args[i], "TYPE")) {
      options.type = args[i + 1];
    } else if (EqualsWord(args[i], "COUNT")) {
      const auto count = ToInteger(args[i + 1]);
      if (!count) return NotAnIntegerReply();
      if (*count < 1) return SyntaxErrorReply();
      options.count = *count;
    } else {
      return SyntaxErrorReply();
    }
  }
  return std::nullopt;
}

Reply Scan(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto cursor = ToInteger(args[1]);
  if (!cursor || *cursor < 0) return ErrorReply("ERR invalid cursor");
  ScanOptions options;
  if (auto failure = ParseScan(args, options)) return *failure;
  std::multimap<std::uint64_t, const std::string*> places;
  for (const auto& [name, key] : keyspace.keys()) places.emplace(Place(name), &name);
  std::vector<std::string> found;
  auto next = places.lower_bound(static_cast<std::uint64_t>(*cursor));
  std::uint64_t last = 0;
  for (; next != places.end() && (options.count-- > 0 || next->first == last); ++next) {
    last = next->first;
    const std::string& name = *next->second;
    const bool type_fits = !options.type || TypeName(keyspace.Find(name)->value) == *options.type;
    if (type_fits && RedisPatternMatches(options.match, name)) found.push_back(name);
  }
  const std::uint64_t next_cursor = next == places.end() ? 0 : next->first;
  return ArrayReply({TextReply(std::to_string(next_cursor)), TextsReply(found)});
}

}  // namespace

const FakeCommands& KeyAndStringCommands() {
  static const FakeCommands kCommands = {
      {"TYPE", {2, 2, Type}},        {"EXISTS", {2, kAnyArgs, Exists}}, {"DEL", {2, kAnyArgs, Del}},
      {"RENAME", {3, 3, Rename}},    {"PEXPIRE", {3, 3, Pexpire}},      {"PTTL", {2, 2, Pttl}},
      {"GET", {2, 2, Get}},          {"STRLEN", {2, 2, Strlen}},        {"SET", {3, 5, Set}},
      {"SCAN", {2, kAnyArgs, Scan}},
  };
  return kCommands;
}

}  // namespace bullmq_exporter
