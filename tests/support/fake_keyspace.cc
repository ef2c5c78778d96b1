#include "tests/support/fake_keyspace.h"

#include <algorithm>
#include <charconv>

namespace bullmq_exporter {

std::string StreamId::Text() const { return std::to_string(ms) + "-" + std::to_string(sequence); }

FakeKeyspace::Key* FakeKeyspace::Find(const std::string& name) {
  const auto found = keys_.find(name);
  if (found == keys_.end()) return nullptr;
  if (found->second.expires_ms && *found->second.expires_ms <= now_ms) {
    keys_.erase(found);
    return nullptr;
  }
  return &found->second;
}

bool FakeKeyspace::Delete(const std::string& name) {
  const bool existed = Find(name) != nullptr;
  keys_.erase(name);
  return existed;
}

std::map<std::string, FakeKeyspace::Key>& FakeKeyspace::keys() {
  std::erase_if(keys_, [&](const auto& entry) {
    return entry.second.expires_ms && *entry.second.expires_ms <= now_ms;
  });
  return keys_;
}

std::string_view TypeName(const FakeValue& value) {
  constexpr std::string_view kNames[] = {"string", "list", "set", "hash", "zset", "stream"};
  return kNames[value.index()];
}

Reply NilReply() { return {}; }

Reply IntegerReply(std::int64_t value) {
  Reply reply;
  reply.type = Reply::Type::kInteger;
  reply.integer = value;
  return reply;
}

Reply TextReply(std::string text) {
  Reply reply;
  reply.type = Reply::Type::kString;
  reply.text = std::move(text);
  return reply;
}

Reply ErrorReply(std::string text) {
  Reply reply;
  reply.type = Reply::Type::kError;
  reply.text = std::move(text);
  return reply;
}

Reply ArrayReply(std::vector<Reply> elements) {
  Reply reply;
  reply.type = Reply::Type::kArray;
  reply.elements = std::move(elements);
  return reply;
}

Reply TextsReply(const std::vector<std::string>& texts) {
  std::vector<Reply> elements;
  for (const std::string& text : texts) elements.push_back(TextReply(text));
  return ArrayReply(std::move(elements));
}

Reply WrongTypeReply() {
  return ErrorReply("WRONGTYPE Operation against a key holding the wrong kind of value");
}

Reply NotAnIntegerReply() { return ErrorReply("ERR value is not an integer or out of range"); }

Reply SyntaxErrorReply() { return ErrorReply("ERR syntax error"); }

std::optional<std::int64_t> ToInteger(std::string_view text) {
  return TextReply(std::string(text)).AsInteger();
}

bool EqualsWord(std::string_view text, std::string_view upper_case_word) {
  return std::equal(text.begin(), text.end(), upper_case_word.begin(), upper_case_word.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

namespace {

// Takes `[…]` from the front of the pattern and says whether it holds the byte.
bool TakeSetAndMatch(std::string_view& pattern, char byte) {
  pattern.remove_prefix(1);
  const bool negated = pattern.starts_with('^');
  if (negated) pattern.remove_prefix(1);
  bool found = false;
  while (!pattern.empty() && pattern.front() != ']') {
    if (pattern.front() == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
    const char low = pattern.front();
    const bool is_range = pattern.size() >= 3 && pattern[1] == '-';
    const char high = is_range ? pattern[2] : low;
    found |= std::min(low, high) <= byte && byte <= std::max(low, high);
    pattern.remove_prefix(is_range ? 3 : 1);
  }
  if (!pattern.empty()) pattern.remove_prefix(1);
  return found != negated;
}

}  // namespace

bool RedisPatternMatches(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      for (std::size_t i = 0; i <= text.size(); ++i) {
        if (RedisPatternMatches(pattern.substr(1), text.substr(i))) return true;
      }
      return false;
    }
    if (text.empty()) return false;
    if (pattern.front() == '[') {
      if (!TakeSetAndMatch(pattern, text.front())) return false;
    } else {
      const bool any = pattern.front() == '?';
      if (pattern.front() == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      if (!any && pattern.front() != text.front()) return false;
      pattern.remove_prefix(1);
    }
    text.remove_prefix(1);
  }
  return text.empty();
}

std::pair<std::size_t, std::size_t> IndexRange(std::int64_t start, std::int64_t stop,
                                               std::size_t size) {
  const auto length = static_cast<std::int64_t>(size);
  const auto from_end = [&](std::int64_t index) { return index < 0 ? index + length : index; };
  start = std::max<std::int64_t>(from_end(start), 0);
  stop = std::min(from_end(stop), length - 1);
  if (start > stop) return {0, 0};
  return {static_cast<std::size_t>(start), static_cast<std::size_t>(stop + 1)};
}

}  // namespace bullmq_exporter
