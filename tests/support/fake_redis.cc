#include "tests/support/fake_redis.h"

#include <algorithm>
#include <chrono>

namespace bullmq_exporter {
namespace {

std::string UpperCase(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

const FakeCommand* FindCommand(const std::string& name) {
  for (const FakeCommands* commands : {&KeyAndStringCommands(), &ListAndSetCommands(),
                                       &HashCommands(), &ZsetCommands(), &StreamCommands()}) {
    const auto found = commands->find(name);
    if (found != commands->end()) return &found->second;
  }
  return nullptr;
}

Reply WrongNumberOfArguments(const std::string& name) {
  return ErrorReply("ERR wrong number of arguments for '" + LowerCase(name) + "' command");
}

// About what a reply takes on the wire, by the rule of ExchangeLimits::max_bytes.
std::size_t Cost(const Reply& reply) {
  std::size_t cost = reply.text.size() + 16;
  for (const Reply& element : reply.elements) cost += sizeof(Reply) + Cost(element);
  return cost;
}

}  // namespace

Reply FakeRedisServer::Run(std::initializer_list<std::string_view> args) {
  const std::lock_guard lock(mutex_);
  const FakeArgs words(args.begin(), args.end());
  return AnswerAllowed(words, UpperCase(words.front()));
}

void FakeRedisServer::SetTimeMs(std::int64_t ms) {
  const std::lock_guard lock(mutex_);
  keyspace_.now_ms = ms;
}

void FakeRedisServer::SetClientList(std::string text) {
  const std::lock_guard lock(mutex_);
  client_list_ = std::move(text);
}

void FakeRedisServer::SetInfo(std::string text) {
  const std::lock_guard lock(mutex_);
  info_ = std::move(text);
}

void FakeRedisServer::FailNext(Error error) {
  const std::lock_guard lock(mutex_);
  next_failures_.push_back(std::move(error));
}

void FakeRedisServer::FailAll(std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(error);
}

void FakeRedisServer::SetServerError(std::string text) {
  const std::lock_guard lock(mutex_);
  server_error_ = std::move(text);
}

void FakeRedisServer::Forbid(std::string command) {
  const std::lock_guard lock(mutex_);
  forbidden_.push_back(std::move(command));
}

void FakeRedisServer::Allow(const std::string& command) {
  const std::lock_guard lock(mutex_);
  std::erase(forbidden_, command);
}

void FakeRedisServer::FailKey(std::string key, std::string error_text) {
  const std::lock_guard lock(mutex_);
  failing_keys_[std::move(key)] = std::move(error_text);
}

std::vector<std::vector<std::string>> FakeRedisServer::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::size_t FakeRedisServer::exchanges() const {
  const std::lock_guard lock(mutex_);
  return exchanges_;
}

void FakeRedisServer::ClearLog() {
  const std::lock_guard lock(mutex_);
  log_.clear();
  exchanges_ = 0;
}

Result<Replies> FakeRedisServer::Execute(const Pipeline& pipeline, const ExchangeLimits& limits) {
  const std::lock_guard lock(mutex_);
  ++exchanges_;
  if (!next_failures_.empty()) {
    Error error = std::move(next_failures_.front());
    next_failures_.erase(next_failures_.begin());
    return Fail(std::move(error));
  }
  if (failure_) return Fail(*failure_);
  if (SteadyClock::now() >= limits.deadline) return Fail(ErrorCode::kTimeout, "no answer in time");
  std::vector<Reply> replies;
  std::size_t cost = 0;
  for (std::size_t i = 0; i < pipeline.size(); ++i) {
    const auto views = pipeline.Args(i);
    const FakeArgs& args = log_.emplace_back(views.begin(), views.end());
    replies.push_back(Answer(args));
    cost += Cost(replies.back());
    if (cost > limits.max_bytes) return Fail(ErrorCode::kTooLarge, "more bytes than allowed");
  }
  for (const Reply& reply : replies) {
    if (IsServerError(reply)) return Fail(ErrorOf(reply));
  }
  return Replies(std::move(replies));
}

Reply FakeRedisServer::Answer(const FakeArgs& args) {
  if (!server_error_.empty()) return ErrorReply(server_error_);
  const std::string name = UpperCase(args.front());
  const std::string with_subcommand = args.size() > 1 ? name + " " + UpperCase(args[1]) : name;
  for (const std::string& forbidden : forbidden_) {
    if (forbidden == name || forbidden == with_subcommand) {
      return ErrorReply("NOPERM User default has no permissions to run the '" + LowerCase(name) +
                        "' command");
    }
  }
  if (args.size() > 1) {
    const auto failing = failing_keys_.find(args[1]);
    if (failing != failing_keys_.end() && !failing->second.empty()) {
      return ErrorReply(failing->second);
    }
  }
  return AnswerAllowed(args, name);
}

Reply FakeRedisServer::AnswerAllowed(const FakeArgs& args, const std::string& name) {
  if (auto reply = AnswerForServer(args, name)) return *std::move(reply);
  const FakeCommand* command = FindCommand(name);
  if (command == nullptr) return ErrorReply("ERR unknown command '" + args.front() + "'");
  if (args.size() < command->min_args || args.size() > command->max_args) {
    return WrongNumberOfArguments(name);
  }
  return command->function(keyspace_, args);
}

std::optional<Reply> FakeRedisServer::AnswerForServer(const FakeArgs& args,
                                                      const std::string& name) {
  if (name == "PING") return TextReply(args.size() > 1 ? args[1] : "PONG");
  if (name == "INFO") return TextReply(info_);
  if (name == "TIME") {
    return TextsReply(
        {std::to_string(keyspace_.now_ms / 1000), std::to_string(keyspace_.now_ms % 1000 * 1000)});
  }
  if (name == "CLIENT") {
    if (args.size() == 2 && EqualsWord(args[1], "LIST")) return TextReply(client_list_);
    if (args.size() == 3 && EqualsWord(args[1], "SETNAME")) return TextReply("OK");
    return ErrorReply("ERR unknown subcommand or wrong number of arguments for CLIENT");
  }
  return std::nullopt;
}

Result<Replies> FakeRedis::Execute(const Pipeline& pipeline, const ExchangeLimits& limits) {
  if (pipeline.empty()) return Replies();
  return server_->Execute(pipeline, limits);
}

SteadyClock::time_point FakeRedis::NextAttempt() const { return SteadyClock::time_point::min(); }

ExchangeLimits GenerousLimits() {
  ExchangeLimits limits;
  limits.deadline = SteadyClock::now() + std::chrono::minutes(1);
  return limits;
}

}  // namespace bullmq_exporter
