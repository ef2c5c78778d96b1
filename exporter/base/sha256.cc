#include "exporter/base/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace bullmq_exporter {

Sha256Digest Sha256(std::string_view bytes) {
  Sha256Digest digest{};
  unsigned int length = 0;
  const int ok =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  if (ok != 1 || length != digest.size()) std::abort();
  return digest;
}

std::string Sha256Hex(std::string_view bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * Sha256Digest{}.size());
  for (const unsigned char byte : Sha256(bytes)) {
    hex.push_back(kHexDigits[byte >> 4]);
    hex.push_back(kHexDigits[byte & 0x0Fu]);
  }
  return hex;
}

}  // namespace bullmq_exporter
