#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/auth/secret_file.h"
#include "exporter/base/error.h"

namespace bullmq_exporter {

// What a token says, in Open Archiver's claims.
struct JwtClaims {
  std::string subject;             // `sub`, else `email`, else empty
  std::vector<std::string> roles;  // what in `roles` is text
  bool mfa_pending = false;        // `mfaPending` is anything but absent, null or false
};

// Verifies tokens (RFC 7515, 7519) with one or more secrets. Immutable; thread-safe.
class JwtVerifier {
 public:
  static constexpr std::size_t kMaxTokenBytes = 16384;
  static constexpr std::size_t kMaxSecrets = 16;

  // One secret a line; empty lines are skipped. Fails with kInvalidArgument, in words that hold
  // nothing of the text, where there is none or there are more than kMaxSecrets.
  [[nodiscard]] static Result<JwtVerifier> FromSecretFile(const SecretText& file);

  // The claims of a token that is signed by HS256 with one of the secrets, has an `exp` after
  // `now_ms`, and no `nbf` after it. Nothing for any other. Of a member that stands twice the last
  // counts (RFC 7519, section 4). The signature is checked before anything is parsed, with each
  // secret, and in constant time.
  [[nodiscard]] std::optional<JwtClaims> Verify(std::string_view token, std::int64_t now_ms) const;

 private:
  JwtVerifier() = default;
  std::vector<SecretText> secrets_;
};

}  // namespace bullmq_exporter
