// Commands on hashes.
#include "tests/support/fake_keyspace.h"

namespace bullmq_exporter {
namespace {

const std::string* Field(const Typed<FakeHash>& hash, const std::string& name) {
  if (hash.value == nullptr) return nullptr;
  const auto found = hash.value->find(name);
  return found == hash.value->end() ? nullptr : &found->second;
}

Reply Hlen(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto hash = FindAs<FakeHash>(keyspace, args[1]);
  if (hash.wrong_type) return WrongTypeReply();
  return IntegerReply(hash.value == nullptr ? 0 : static_cast<std::int64_t>(hash.value->size()));
}

Reply Hget(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto hash = FindAs<FakeHash>(keyspace, args[1]);
  if (hash.wrong_type) return WrongTypeReply();
  const std::string* value = Field(hash, args[2]);
  return value == nullptr ? NilReply() : TextReply(*value);
}

Reply Hmget(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto hash = FindAs<FakeHash>(keyspace, args[1]);
  if (hash.wrong_type) return WrongTypeReply();
  std::vector<Reply> values;
  for (std::size_t i = 2; i < args.size(); ++i) {
    const std::string* value = Field(hash, args[i]);
    values.push_back(value == nullptr ? NilReply() : TextReply(*value));
  }
  return ArrayReply(std::move(values));
}

Reply Hstrlen(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto hash = FindAs<FakeHash>(keyspace, args[1]);
  if (hash.wrong_type) return WrongTypeReply();
  const std::string* value = Field(hash, args[2]);
  return IntegerReply(value == nullptr ? 0 : static_cast<std::int64_t>(value->size()));
}

Reply Hgetall(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto hash = FindAs<FakeHash>(keyspace, args[1]);
  if (hash.wrong_type) return WrongTypeReply();
  std::vector<std::string> pairs;
  if (hash.value != nullptr) {
    for (const auto& [name, value] : *hash.value) pairs.insert(pairs.end(), {name, value});
  }
  return TextsReply(pairs);
}

Reply Hset(FakeKeyspace& keyspace, const FakeArgs& args) {
  if (args.size() % 2 != 0) {
    return ErrorReply("ERR wrong number of arguments for 'hset' command");
  }
  auto* hash = FindOrMake<FakeHash>(keyspace, args[1]);
  if (hash == nullptr) return WrongTypeReply();
  std::int64_t added = 0;
  for (std::size_t i = 2; i < args.size(); i += 2) {
    added += hash->insert_or_assign(args[i], args[i + 1]).second ? 1 : 0;
  }
  return IntegerReply(added);
}

Reply Hdel(FakeKeyspace& keyspace, const FakeArgs& args) {
  const auto hash = FindAs<FakeHash>(keyspace, args[1]);
  if (hash.wrong_type) return WrongTypeReply();
  if (hash.value == nullptr) return IntegerReply(0);
  std::int64_t removed = 0;
  for (std::size_t i = 2; i < args.size(); ++i) {
    removed += static_cast<std::int64_t>(hash.value->erase(args[i]));
  }
  DeleteIfEmpty(keyspace, args[1], *hash.value);
  return IntegerReply(removed);
}

}  // namespace

const FakeCommands& HashCommands() {
  static const FakeCommands kCommands = {
      {"HLEN", {2, 2, Hlen}},        {"HGET", {3, 3, Hget}},       {"HMGET", {3, kAnyArgs, Hmget}},
      {"HSTRLEN", {3, 3, Hstrlen}},  {"HGETALL", {2, 2, Hgetall}}, {"HSET", {4, kAnyArgs, Hset}},
      {"HDEL", {3, kAnyArgs, Hdel}},
  };
  return kCommands;
}

}  // namespace bullmq_exporter
