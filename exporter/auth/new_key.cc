#include "exporter/auth/new_key.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "exporter/auth/api_keys.h"
#include "exporter/auth/base64url.h"
#include "exporter/auth/keys_file_edit.h"
#include "exporter/base/rfc3339.h"
#include "exporter/base/sha256.h"
#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

// Lets people and scanners of leaked secrets see what it is.
constexpr std::string_view kKeyPrefix = "bmx_";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMaxTextBytes = 128;

bool IsPlainText(std::string_view text) {
  if (text.empty() || text.size() > kMaxTextBytes) return false;
  while (!text.empty()) {
    const Utf8Step step = DecodeUtf8(text);
    const char32_t c = step.code_point;
    if (!step.valid || c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;
    text.remove_prefix(step.length);
  }
  return true;
}

// A double-quoted scalar of YAML, for text without control characters.
std::string Scalar(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string Entry(const NewKeyRequest& request, std::string_view key) {
  std::string entry =
      "{name: " + Scalar(request.name) + ", sha256: " + Sha256Hex(key) + ", permissions: [";
  for (const std::string& permission : request.permissions) {
    if (!entry.ends_with('[')) entry += ", ";
    entry += Scalar(permission);
  }
  entry += ']';
  if (request.expires_ms) entry += ", expires: " + FormatRfc3339(*request.expires_ms);
  return entry + '}';
}

}  // namespace

Result<NewKey> MakeNewKey(const NewKeyRequest& request) {
  if (!IsPlainText(request.name)) {
    return Fail(ErrorCode::kInvalidArgument,
                "the name of a key needs 1 to 128 printable characters");
  }
  if (!std::all_of(request.permissions.begin(), request.permissions.end(), IsPlainText)) {
    return Fail(ErrorCode::kInvalidArgument,
                "a permission needs 1 to 128 printable characters, such as manage:all");
  }
  std::array<unsigned char, kKeyBytes> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return Fail(ErrorCode::kInternal, "no random bytes from OpenSSL");
  }
  NewKey made;
  made.key = std::string(kKeyPrefix) +
             EncodeBase64Url({reinterpret_cast<const char*>(random.data()), random.size()});
  made.entry = Entry(request, made.key);
  return made;
}

Result<void> AppendToKeysFile(const std::string& path, const NewKey& key) {
  return EditFile(path, [&](std::string_view text) -> Result<std::string> {
    return WithEntryAdded(text, path, key.entry);
  });
}

}  // namespace bullmq_exporter
