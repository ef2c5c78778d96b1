// Commands on streams.
#include <charconv>

#include "tests/support/fake_keyspace.h"

namespace bullmq_exporter {
namespace {

constexpr std::uint64_t kMax = ~std::uint64_t{0};

Reply InvalidId() {
  return ErrorReply("ERR Invalid stream ID specified as stream command argument");
}

bool ToUnsigned(std::string_view text, std::uint64_t& value) {
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  return !text.empty() && failure == std::errc() && stop == end;
}

// `default_sequence` stands for the part that an id like `1700000000000` leaves out.
std::optional<StreamId> ToId(std::string_view text, std::uint64_t default_sequence) {
  StreamId id{0, default_sequence};
  const std::size_t dash = text.find('-');
  if (!ToUnsigned(text.substr(0, dash), id.ms)) return std::nullopt;
  if (dash != std::string_view::npos && !ToUnsigned(text.substr(dash + 1), id.sequence)) {
    return std::nullopt;
  }
  return id;
}

struct Bound {
  StreamId id;
  bool exclusive = false;
};

std::optional<Bound> ToBound(std::string_view text, std::uint64_t default_sequence) {
  if (text == "-") return Bound{{0, 0}};
  if (text == "+") return Bound{{kMax, kMax}};
  const bool exclusive = text.starts_with('(');
  const auto id = ToId(exclusive ? text.substr(1) : text, default_sequence);
  if (!id) return std::nullopt;
  return Bound{*id, exclusive};
}

Reply EntryReply(const FakeStream::Entry& entry) {
  return ArrayReply({TextReply(entry.id.Text()), TextsReply(entry.fields)});
}

Reply Xlen(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeStream>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  return IntegerReply(
      found.value == nullptr ? 0 : static_cast<std::int64_t>(found.value->entries.size()));
}

Reply Xrange(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto start = ToBound(args[2], 0);
  const auto end = ToBound(args[3], kMax);
  if (!start || !end) return InvalidId();
  std::int64_t count = -1;
  if (args.size() > 4) {
    const auto number =
        args.size() == 6 && EqualsWord(args[4], "COUNT") ? ToInteger(args[5]) : std::nullopt;
    if (!number) return SyntaxErrorReply();
    count = *number;
  }
  const auto found = FindAs<FakeStream>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  std::vector<Reply> entries;
  if (found.value == nullptr) return ArrayReply({});
  for (const FakeStream::Entry& entry : found.value->entries) {
    if (count >= 0 && static_cast<std::int64_t>(entries.size()) >= count) break;
    const bool after_start = start->exclusive ? entry.id > start->id : entry.id >= start->id;
    const bool before_end = end->exclusive ? entry.id < end->id : entry.id <= end->id;
    if (after_start && before_end) entries.push_back(EntryReply(entry));
  }
  return ArrayReply(std::move(entries));
}

// XREAD COUNT n STREAMS key id: of one stream, without waiting.
Reply Xread(FakeKeyspace& keyspace, const FakeArgs& args) {
  if (!EqualsWord(args[1], "COUNT") || !EqualsWord(args[3], "STREAMS")) return SyntaxErrorReply();
  const auto count = ToInteger(args[2]);
  if (!count) return NotAnIntegerReply();
  const auto after = ToId(args[5], 0);
  if (!after) return InvalidId();
  const auto found = FindAs<FakeStream>(keyspace, args[4]);
  if (found.wrong_type) return WrongTypeReply();
  if (found.value == nullptr) return NilReply();
  std::vector<Reply> entries;
  for (const FakeStream::Entry& entry : found.value->entries) {
    if (static_cast<std::int64_t>(entries.size()) == *count) break;
    if (entry.id > *after) entries.push_back(EntryReply(entry));
  }
  if (entries.empty()) return NilReply();
  return ArrayReply({ArrayReply({TextReply(args[4]), ArrayReply(std::move(entries))})});
}

// The fields that Redis 7 gives and readers use, among others.
Reply Xinfo(FakeKeyspace& keyspace, const FakeArgs& args) {
  if (!EqualsWord(args[1], "STREAM")) {
    return ErrorReply("ERR unknown subcommand '" + args[1] + "'. Try XINFO HELP.");
  }
  const auto found = FindAs<FakeStream>(keyspace, args[2]);
  if (found.wrong_type) return WrongTypeReply();
  if (found.value == nullptr) return ErrorReply("ERR no such key");
  const FakeStream& stream = *found.value;
  const bool empty = stream.entries.empty();
  return ArrayReply({
      TextReply("length"),
      IntegerReply(static_cast<std::int64_t>(stream.entries.size())),
      TextReply("last-generated-id"),
      TextReply(stream.last_id.Text()),
      TextReply("entries-added"),
      IntegerReply(static_cast<std::int64_t>(stream.entries_added)),
      TextReply("groups"),
      IntegerReply(0),
      TextReply("first-entry"),
      empty ? NilReply() : EntryReply(stream.entries.front()),
      TextReply("last-entry"),
      empty ? NilReply() : EntryReply(stream.entries.back()),
  });
}

// XADD key [MAXLEN [~|=] n] id|* field value …
Reply Xadd(FakeKeyspace& keyspace, const FakeArgs& args) {
  std::size_t next = 2;
  std::optional<std::int64_t> max_len;
  if (EqualsWord(args[next], "MAXLEN")) {
    ++next;
    if (args[next] == "~" || args[next] == "=") ++next;
    max_len = ToInteger(args[next++]);
    if (!max_len) return NotAnIntegerReply();
  }
  if (next + 3 > args.size() || (args.size() - next) % 2 == 0) {
    return ErrorReply("ERR wrong number of arguments for 'xadd' command");
  }
  auto* stream = FindOrMake<FakeStream>(keyspace, args[1]);
  if (stream == nullptr) return WrongTypeReply();
  StreamId id{static_cast<std::uint64_t>(keyspace.now_ms), 0};
  if (args[next] != "*") {
    const auto given = ToId(args[next], 0);
    if (!given) return InvalidId();
    if (*given <= stream->last_id) {
      return ErrorReply(
          "ERR The ID specified in XADD is equal or smaller than the target stream top item");
    }
    id = *given;
  } else if (id <= stream->last_id) {
    id = {stream->last_id.ms, stream->last_id.sequence + 1};
  }
  const auto fields = args.begin() + static_cast<std::ptrdiff_t>(next) + 1;
  stream->entries.push_back({id, {fields, args.end()}});
  stream->last_id = id;
  ++stream->entries_added;
  while (max_len && static_cast<std::int64_t>(stream->entries.size()) > *max_len) {
    stream->entries.pop_front();
  }
  return TextReply(id.Text());
}

}  // namespace

const FakeCommands& StreamCommands() {
  static const FakeCommands kCommands = {
      {"XLEN", {2, 2, Xlen}},   {"XRANGE", {4, 6, Xrange}},    {"XREAD", {6, 6, Xread}},
      {"XINFO", {3, 3, Xinfo}}, {"XADD", {5, kAnyArgs, Xadd}},
  };
  return kCommands;
}

}  // namespace bullmq_exporter
