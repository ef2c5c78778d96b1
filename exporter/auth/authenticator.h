#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "exporter/auth/identity.h"
#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/config/config.h"

namespace bullmq_exporter {

// What a request sent to say who it is: values of headers as received, empty where a header is
// absent.
struct Credentials {
  std::optional<std::string_view> api_key;        // X-API-KEY
  std::optional<std::string_view> authorization;  // Authorization
};

// Why a request was not let in, in the words of docs/http-api.md; holds nothing of the credentials.
struct Refusal {
  int status = 401;          // 401 or 403
  std::string_view message;  // static text
  std::string name;  // whom the credentials name, where they are valid (403, MFA); for the log
};

// Decides who may use the API, from the keys file and the file of JWT secrets of ApiConfig. Both
// are looked at again at each call and read again when they have changed, so that a new key works
// and a removed one stops at once. What cannot be read or parsed leaves the last good content in
// force and is said once in the log. Thread-safe.
class Authenticator {
 public:
  // Reads both files. Fails with kInvalidArgument or kIo where one is not usable; the message names
  // the file, line and column, one line for each fault.
  [[nodiscard]] static Result<std::unique_ptr<Authenticator>> Create(const ApiConfig& config,
                                                                     const Logger& logger);
  ~Authenticator();

  // Requires the permission `manage:all`. X-API-KEY, where it is not empty, wins over a bearer
  // token. The time that it takes does not depend on which key or secret is right. `now_ms`: see
  // NowMs().
  [[nodiscard]] tl::expected<Identity, Refusal> Authenticate(const Credentials& credentials,
                                                             std::int64_t now_ms);

 private:
  struct State;
  explicit Authenticator(std::unique_ptr<State> state);

  tl::expected<Identity, Refusal> AuthenticateKey(std::string_view sent, std::int64_t now_ms);
  tl::expected<Identity, Refusal> AuthenticateToken(std::string_view token, std::int64_t now_ms);

  std::unique_ptr<State> state_;
};

}  // namespace bullmq_exporter
