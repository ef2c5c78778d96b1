#include "exporter/auth/jwt.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <rapidjson/document.h>
#include <rapidjson/reader.h>

#include <array>

#include "exporter/auth/base64url.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kSignatureBytes = 32;

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  // header.payload
};

std::optional<Parts> Split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// 1 where the signature is right, without a branch on the secret.
unsigned SignatureMatches(const SecretText& secret, std::string_view text,
                          const std::string& signature) {
  std::array<unsigned char, kSignatureBytes> expected{};
  unsigned size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), secret.text().data(), static_cast<int>(secret.text().size()), data,
           text.size(), expected.data(), &size) == nullptr) {
    return 0;
  }
  const bool equal = CRYPTO_memcmp(expected.data(), signature.data(), kSignatureBytes) == 0;
  OPENSSL_cleanse(expected.data(), expected.size());
  return equal ? 1 : 0;
}

// An object of JSON behind base64url. RapidJSON's iterative parser keeps its stack on the heap, and
// the text is bounded, so no nesting can exhaust it.
std::optional<rapidjson::Document> ParsePart(std::string_view part) {
  const auto text = DecodeBase64Url(part);
  // RapidJSON takes a NUL for the end of the text.
  if (!text || text->find('\0') != std::string::npos) return std::nullopt;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
      text->data(), text->size());
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  return document;
}

// The last of this name; FindMember gives the first.
const rapidjson::Value* Member(const rapidjson::Value& object, std::string_view name) {
  const rapidjson::Value* last = nullptr;
  for (const auto& member : object.GetObject()) {
    const std::string_view its_name(member.name.GetString(), member.name.GetStringLength());
    if (its_name == name) last = &member.value;
  }
  return last;
}

std::string Text(const rapidjson::Value* value) {
  if (value == nullptr || !value->IsString()) return {};
  return {value->GetString(), value->GetStringLength()};
}

bool IsHs256(const rapidjson::Value& header) {
  // `crit` names extensions that must be understood; we understand none.
  return Text(Member(header, "alg")) == "HS256" && Member(header, "crit") == nullptr;
}

bool IsInForce(const rapidjson::Value& payload, std::int64_t now_ms) {
  const double now = static_cast<double>(now_ms) / 1000;
  const rapidjson::Value* expires = Member(payload, "exp");
  if (expires == nullptr || !expires->IsNumber() || expires->GetDouble() <= now) return false;
  const rapidjson::Value* not_before = Member(payload, "nbf");
  return not_before == nullptr || (not_before->IsNumber() && not_before->GetDouble() <= now);
}

JwtClaims ClaimsOf(const rapidjson::Value& payload) {
  JwtClaims claims;
  claims.subject = Text(Member(payload, "sub"));
  if (claims.subject.empty()) claims.subject = Text(Member(payload, "email"));
  if (const rapidjson::Value* roles = Member(payload, "roles"); roles && roles->IsArray()) {
    for (const rapidjson::Value& role : roles->GetArray()) {
      if (role.IsString()) claims.roles.push_back(Text(&role));
    }
  }
  const rapidjson::Value* mfa = Member(payload, "mfaPending");
  claims.mfa_pending = mfa != nullptr && !mfa->IsNull() && !mfa->IsFalse();
  return claims;
}

}  // namespace

Result<JwtVerifier> JwtVerifier::FromSecretFile(const SecretText& file) {
  JwtVerifier verifier;
  std::string_view rest = file.text();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) verifier.secrets_.emplace_back(std::string(line));
  }
  if (verifier.secrets_.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "holds no secret (one a line is expected)");
  }
  if (verifier.secrets_.size() > kMaxSecrets) {
    return Fail(ErrorCode::kInvalidArgument,
                "holds more than " + std::to_string(kMaxSecrets) + " secrets (one a line)");
  }
  return verifier;
}

std::optional<JwtClaims> JwtVerifier::Verify(std::string_view token, std::int64_t now_ms) const {
  if (token.size() > kMaxTokenBytes) return std::nullopt;
  const auto parts = Split(token);
  if (!parts) return std::nullopt;
  auto signature = DecodeBase64Url(parts->signature);
  // A signature of a wrong size costs the same work as one of the right size.
  const bool sized = signature && signature->size() == kSignatureBytes;
  if (!sized) signature.emplace(kSignatureBytes, '\0');
  unsigned matches = 0;
  for (const SecretText& secret : secrets_) {
    matches |= SignatureMatches(secret, parts->signed_text, *signature);
  }
  if (matches == 0 || !sized) return std::nullopt;
  const auto header = ParsePart(parts->header);
  const auto payload = ParsePart(parts->payload);
  if (!header || !payload || !IsHs256(*header) || !IsInForce(*payload, now_ms)) {
    return std::nullopt;
  }
  return ClaimsOf(*payload);
}

}  // namespace bullmq_exporter
