// Commands on lists and sets.
#include <algorithm>
#include <cstdlib>

#include "tests/support/fake_keyspace.h"

namespace bullmq_exporter {
namespace {

Reply Llen(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeList>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  return IntegerReply(found.value == nullptr ? 0 : static_cast<std::int64_t>(found.value->size()));
}

Reply Lindex(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeList>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  if (found.value == nullptr) return NilReply();
  const auto index = ToInteger(args[2]);
  if (!index) return NotAnIntegerReply();
  const auto size = static_cast<std::int64_t>(found.value->size());
  const std::int64_t position = *index < 0 ? *index + size : *index;
  if (position < 0 || position >= size) return NilReply();
  return TextReply((*found.value)[static_cast<std::size_t>(position)]);
}

Reply Lrange(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto start = ToInteger(args[2]);
  const auto stop = ToInteger(args[3]);
  if (!start || !stop) return NotAnIntegerReply();
  const auto found = FindAs<FakeList>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  if (found.value == nullptr) return ArrayReply({});
  const auto [first, last] = IndexRange(*start, *stop, found.value->size());
  std::vector<Reply> elements;
  for (std::size_t i = first; i < last; ++i) elements.push_back(TextReply((*found.value)[i]));
  return ArrayReply(std::move(elements));
}

struct LposOptions {
  std::int64_t rank = 1;
  std::optional<std::int64_t> count;
  std::int64_t max_len = 0;
};

std::optional<Reply> ParseLpos(const FakeArgs& args, LposOptions& options) {
  for (std::size_t i = 3; i < args.size(); i += 2) {
    if (i + 1 == args.size()) return SyntaxErrorReply();
    const auto number = ToInteger(args[i + 1]);
    if (!number) return NotAnIntegerReply();
    if (EqualsWord(args[i], "RANK")) {
      if (*number == 0) return ErrorReply("ERR RANK can't be zero");
      options.rank = *number;
    } else if (EqualsWord(args[i], "COUNT")) {
      if (*number < 0) return ErrorReply("ERR COUNT can't be negative");
      options.count = number;
    } else if (EqualsWord(args[i], "MAXLEN")) {
      if (*number < 0) return ErrorReply("ERR MAXLEN can't be negative");
      options.max_len = *number;
    } else {
      return SyntaxErrorReply();
    }
  }
  return std::nullopt;
}

Reply Lpos(FakeKeyspace& keyspace, const FakeArgs& args) {
  LposOptions options;
  if (auto failure = ParseLpos(args, options)) return *failure;
  const auto found = FindAs<FakeList>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  std::vector<Reply> positions;
  const auto size = found.value == nullptr ? 0 : static_cast<std::int64_t>(found.value->size());
  const std::int64_t compared = options.max_len == 0 ? size : std::min(size, options.max_len);
  const std::int64_t wanted = options.count.value_or(1);
  std::int64_t to_skip = std::abs(options.rank) - 1;
  for (std::int64_t step = 0; step < compared; ++step) {
    const std::int64_t position = options.rank > 0 ? step : size - 1 - step;
    if ((*found.value)[static_cast<std::size_t>(position)] != args[2]) continue;
    if (to_skip-- > 0) continue;
    positions.push_back(IntegerReply(position));
    if (wanted != 0 && static_cast<std::int64_t>(positions.size()) == wanted) break;
  }
  if (options.count) return ArrayReply(std::move(positions));
  return positions.empty() ? NilReply() : positions.front();
}

Reply Push(FakeKeyspace& keyspace, const FakeArgs& args, bool left) {
  auto* list = FindOrMake<FakeList>(keyspace, args[1]);
  if (list == nullptr) return WrongTypeReply();
  for (std::size_t i = 2; i < args.size(); ++i) {
    list->insert(left ? list->begin() : list->end(), args[i]);
  }
  return IntegerReply(static_cast<std::int64_t>(list->size()));
}

Reply Lpush(FakeKeyspace& keyspace, const FakeArgs& args) { return Push(keyspace, args, true); }
Reply Rpush(FakeKeyspace& keyspace, const FakeArgs& args) { return Push(keyspace, args, false); }

// With a count of 0 only: every element that equals.
Reply Lrem(FakeKeyspace& keyspace, const FakeArgs& args) {
  if (args[2] != "0") return ErrorReply("ERR the fake server knows LREM with the count 0 only");
  const auto found = FindAs<FakeList>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  if (found.value == nullptr) return IntegerReply(0);
  const auto removed = std::erase(*found.value, args[3]);
  DeleteIfEmpty(keyspace, args[1], *found.value);
  return IntegerReply(static_cast<std::int64_t>(removed));
}

Reply Scard(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeSet>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  return IntegerReply(found.value == nullptr ? 0 : static_cast<std::int64_t>(found.value->size()));
}

Reply Sadd(FakeKeyspace& keyspace, const FakeArgs& args) {
  auto* set = FindOrMake<FakeSet>(keyspace, args[1]);
  if (set == nullptr) return WrongTypeReply();
  std::int64_t added = 0;
  for (std::size_t i = 2; i < args.size(); ++i) added += set->insert(args[i]).second ? 1 : 0;
  return IntegerReply(added);
}

}  // namespace

const FakeCommands& ListAndSetCommands() {
  static const FakeCommands kCommands = {
      {"LLEN", {2, 2, Llen}},          {"LINDEX", {3, 3, Lindex}},
      {"LRANGE", {4, 4, Lrange}},      {"LPOS", {3, kAnyArgs, Lpos}},
      {"LPUSH", {3, kAnyArgs, Lpush}}, {"RPUSH", {3, kAnyArgs, Rpush}},
      {"LREM", {4, 4, Lrem}},          {"SCARD", {2, 2, Scard}},
      {"SADD", {3, kAnyArgs, Sadd}},
  };
  return kCommands;
}

}  // namespace bullmq_exporter
