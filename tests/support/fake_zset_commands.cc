// Commands on sorted sets.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "tests/support/fake_keyspace.h"

namespace bullmq_exporter {
namespace {

using Element = std::pair<double, std::string>;  // score, member

Reply NotAFloat() { return ErrorReply("ERR value is not a valid float"); }
Reply NotABound() { return ErrorReply("ERR min or max is not a float"); }

std::optional<double> ToScore(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || end != text.c_str() + text.size() || std::isnan(value)) return std::nullopt;
  return value;
}

std::string ScoreText(double score) {
  if (std::isinf(score)) return score > 0 ? "inf" : "-inf";
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", score);
  return text;
}

struct Bound {
  double value;
  bool exclusive;
};

std::optional<Bound> ToBound(const std::string& text) {
  const bool exclusive = text.starts_with('(');
  const auto value = ToScore(exclusive ? text.substr(1) : text);
  if (!value) return std::nullopt;
  return Bound{*value, exclusive};
}

bool IsWithin(double score, const Bound& min, const Bound& max) {
  return (min.exclusive ? score > min.value : score >= min.value) &&
         (max.exclusive ? score < max.value : score <= max.value);
}

std::vector<Element> Sorted(const FakeZset* zset) {
  std::vector<Element> elements;
  if (zset != nullptr) {
    for (const auto& [member, score] : *zset) elements.emplace_back(score, member);
  }
  std::sort(elements.begin(), elements.end());
  return elements;
}

struct RangeOptions {
  bool by_score = false;
  bool reverse = false;
  bool with_scores = false;
  std::optional<std::pair<std::int64_t, std::int64_t>> limit;  // offset, count
};

std::optional<Reply> ParseOptions(const FakeArgs& args, RangeOptions& options) {
  for (std::size_t i = 4; i < args.size(); ++i) {
    if (EqualsWord(args[i], "WITHSCORES")) {
      options.with_scores = true;
    } else if (EqualsWord(args[i], "BYSCORE") && EqualsWord(args[0], "ZRANGE")) {
      options.by_score = true;
    } else if (EqualsWord(args[i], "REV") && EqualsWord(args[0], "ZRANGE")) {
      options.reverse = true;
    } else if (EqualsWord(args[i], "LIMIT") && i + 2 < args.size()) {
      const auto offset = ToInteger(args[i + 1]);
      const auto count = ToInteger(args[i + 2]);
      if (!offset || !count) return NotAnIntegerReply();
      options.limit = {*offset, *count};
      i += 2;
    } else {
      return SyntaxErrorReply();
    }
  }
  if (options.limit && !options.by_score) {
    return ErrorReply(
        "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  }
  return std::nullopt;
}

Reply Elements(std::vector<Element> elements, const RangeOptions& options) {
  std::vector<std::string> texts;
  for (Element& element : elements) {
    texts.push_back(std::move(element.second));
    if (options.with_scores) texts.push_back(ScoreText(element.first));
  }
  return TextsReply(texts);
}

void ApplyLimit(std::vector<Element>& elements,
                const std::optional<std::pair<std::int64_t, std::int64_t>>& limit) {
  if (!limit) return;
  const auto size = static_cast<std::int64_t>(elements.size());
  const std::int64_t first = limit->first < 0 ? size : std::min(limit->first, size);
  const std::int64_t last = limit->second < 0 ? size : std::min(first + limit->second, size);
  elements = {elements.begin() + first, elements.begin() + last};
}

Reply RangeByScore(FakeKeyspace& keyspace, const FakeArgs& args, const RangeOptions& options) {
  const auto min = ToBound(args[options.reverse ? 3 : 2]);
  const auto max = ToBound(args[options.reverse ? 2 : 3]);
  if (!min || !max) return NotABound();
  const auto found = FindAs<FakeZset>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  std::vector<Element> elements = Sorted(found.value);
  std::erase_if(elements, [&](const Element& e) { return !IsWithin(e.first, *min, *max); });
  if (options.reverse) std::reverse(elements.begin(), elements.end());
  ApplyLimit(elements, options.limit);
  return Elements(std::move(elements), options);
}

Reply RangeByIndex(FakeKeyspace& keyspace, const FakeArgs& args, const RangeOptions& options) {
  const auto start = ToInteger(args[2]);
  const auto stop = ToInteger(args[3]);
  if (!start || !stop) return NotAnIntegerReply();
  const auto found = FindAs<FakeZset>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  std::vector<Element> elements = Sorted(found.value);
  if (options.reverse) std::reverse(elements.begin(), elements.end());
  const auto [first, last] = IndexRange(*start, *stop, elements.size());
  elements = {elements.begin() + static_cast<std::ptrdiff_t>(first),
              elements.begin() + static_cast<std::ptrdiff_t>(last)};
  return Elements(std::move(elements), options);
}

Reply Range(FakeKeyspace& keyspace, const FakeArgs& args, RangeOptions options) {
  if (auto failure = ParseOptions(args, options)) return *failure;
  return options.by_score ? RangeByScore(keyspace, args, options)
                          : RangeByIndex(keyspace, args, options);
}

Reply Zrange(FakeKeyspace& keyspace, const FakeArgs& args) { return Range(keyspace, args, {}); }

Reply Zrevrange(FakeKeyspace& keyspace, const FakeArgs& args) {
  RangeOptions options;
  options.reverse = true;
  return Range(keyspace, args, options);
}

Reply Zrangebyscore(FakeKeyspace& keyspace, const FakeArgs& args) {
  RangeOptions options;
  options.by_score = true;
  return Range(keyspace, args, options);
}

Reply Zcard(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeZset>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  return IntegerReply(found.value == nullptr ? 0 : static_cast<std::int64_t>(found.value->size()));
}

Reply Zcount(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto min = ToBound(args[2]);
  const auto max = ToBound(args[3]);
  if (!min || !max) return NotABound();
  const auto found = FindAs<FakeZset>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  std::int64_t count = 0;
  for (const Element& element : Sorted(found.value)) {
    count += IsWithin(element.first, *min, *max) ? 1 : 0;
  }
  return IntegerReply(count);
}

Reply Zscore(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeZset>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  if (found.value == nullptr) return NilReply();
  const auto element = found.value->find(args[2]);
  return element == found.value->end() ? NilReply() : TextReply(ScoreText(element->second));
}

Reply Zadd(FakeKeyspace& keyspace, const FakeArgs& args) {
  if (args.size() % 2 != 0) return SyntaxErrorReply();
  for (std::size_t i = 2; i < args.size(); i += 2) {
    if (!ToScore(args[i])) return NotAFloat();
  }
  auto* zset = FindOrMake<FakeZset>(keyspace, args[1]);
  if (zset == nullptr) return WrongTypeReply();
  std::int64_t added = 0;
  for (std::size_t i = 2; i < args.size(); i += 2) {
    added += zset->insert_or_assign(args[i + 1], *ToScore(args[i])).second ? 1 : 0;
  }
  return IntegerReply(added);
}

Reply Zrem(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto found = FindAs<FakeZset>(keyspace, args[1]);
  if (found.wrong_type) return WrongTypeReply();
  if (found.value == nullptr) return IntegerReply(0);
  std::int64_t removed = 0;
  for (std::size_t i = 2; i < args.size(); ++i) {
    removed += static_cast<std::int64_t>(found.value->erase(args[i]));
  }
  DeleteIfEmpty(keyspace, args[1], *found.value);
  return IntegerReply(removed);
}

}  // namespace

const FakeCommands& ZsetCommands() {
  static const FakeCommands kCommands = {
      {"ZCARD", {2, 2, Zcard}},
      {"ZCOUNT", {4, 4, Zcount}},
      {"ZRANGE", {4, kAnyArgs, Zrange}},
      {"ZREVRANGE", {4, kAnyArgs, Zrevrange}},
      {"ZRANGEBYSCORE", {4, kAnyArgs, Zrangebyscore}},
      {"ZSCORE", {3, 3, Zscore}},
      {"ZADD", {4, kAnyArgs, Zadd}},
      {"ZREM", {3, kAnyArgs, Zrem}},
  };
  return kCommands;
}

}  // namespace bullmq_exporter
