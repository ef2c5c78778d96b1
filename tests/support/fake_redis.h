#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/redis/redis_client.h"
#include "tests/support/fake_keyspace.h"

namespace bullmq_exporter {

// An in-memory Redis that answers as a real one does (a contract test runs the same suite against
// both), with its clock, its CLIENT LIST, its INFO and its failures in the hands of the test.
// Thread-safe. Shared by the FakeRedis clients that are made for it.
//
// It knows the commands that our readers use and, to set data up, SET LPUSH RPUSH LREM SADD ZADD
// ZREM HSET HDEL XADD DEL RENAME PEXPIRE.
class FakeRedisServer {
 public:
  // Executes one command and returns its reply, an error reply too. Not in the log.
  Reply Run(std::initializer_list<std::string_view> args);

  // TIME, the ids that XADD makes, and what PTTL counts from: stands still unless set.
  void SetTimeMs(std::int64_t ms);
  // The text of CLIENT LIST: a line a client, `id=1 addr=… name=… cmd=…\n`. Empty at first.
  void SetClientList(std::string text);
  // The text of INFO, whatever the section. At first that of a standalone 7.0.15 with noeviction.
  void SetInfo(std::string text);

  // The next Execute of any client fails as a whole with this error. Several are used in turn.
  void FailNext(Error error);
  // Every Execute fails with this error until it is called with nothing: a server that is down.
  void FailAll(std::optional<Error> error);
  // Every command answers with this error text, such as "LOADING Redis is loading the dataset in
  // memory", until it is called with an empty one.
  void SetServerError(std::string text);
  // A command, or one with its subcommand as "CLIENT LIST", answers NOPERM; in capitals.
  void Forbid(std::string command);
  void Allow(const std::string& command);
  // A command on this key answers with this error text; empty: answers as usual.
  void FailKey(std::string key, std::string error_text);

  // The commands that clients sent since the last ClearLog, in order, as their words.
  [[nodiscard]] std::vector<std::vector<std::string>> log() const;
  // How many Execute calls sent them.
  [[nodiscard]] std::size_t exchanges() const;
  void ClearLog();

 private:
  friend class FakeRedis;
  [[nodiscard]] Result<Replies> Execute(const Pipeline& pipeline, const ExchangeLimits& limits);
  [[nodiscard]] Reply Answer(const FakeArgs& args);
  [[nodiscard]] Reply AnswerAllowed(const FakeArgs& args, const std::string& name);
  [[nodiscard]] std::optional<Reply> AnswerForServer(const FakeArgs& args, const std::string& name);

  mutable std::mutex mutex_;
  FakeKeyspace keyspace_;
  std::string client_list_;
  std::string info_ =
      "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\ntcp_port:6379\r\n"
      "# Memory\r\nused_memory:1048576\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n"
      "# Replication\r\nrole:master\r\nconnected_slaves:0\r\n";
  std::vector<Error> next_failures_;
  std::optional<Error> failure_;
  std::string server_error_;
  std::vector<std::string> forbidden_;
  std::map<std::string, std::string> failing_keys_;
  std::vector<std::vector<std::string>> log_;
  std::size_t exchanges_ = 0;
};

// A client of a FakeRedisServer. Applies the limits as a real client does: a deadline that has
// passed is kTimeout, replies beyond max_bytes are kTooLarge.
class FakeRedis : public RedisClient {
 public:
  // A client of a server of its own.
  FakeRedis() : server_(std::make_shared<FakeRedisServer>()) {}
  // A client of a server that others use too.
  explicit FakeRedis(std::shared_ptr<FakeRedisServer> server) : server_(std::move(server)) {}

  [[nodiscard]] Result<Replies> Execute(const Pipeline& pipeline,
                                        const ExchangeLimits& limits) override;
  [[nodiscard]] SteadyClock::time_point NextAttempt() const override;
  [[nodiscard]] std::string Address() const override { return "fake:6379"; }

  [[nodiscard]] FakeRedisServer& server() { return *server_; }
  // server().Run
  Reply Run(std::initializer_list<std::string_view> args) { return server_->Run(args); }

 private:
  std::shared_ptr<FakeRedisServer> server_;
};

// Limits for tests that are not about limits: a minute.
[[nodiscard]] ExchangeLimits GenerousLimits();

}  // namespace bullmq_exporter
