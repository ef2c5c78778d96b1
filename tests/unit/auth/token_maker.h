#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>
#include <string_view>

#include "exporter/auth/base64url.h"

namespace bullmq_exporter {

// A signed token of any header and payload, right or wrong.
inline std::string MakeToken(std::string_view header, std::string_view payload,
                             std::string_view secret, const EVP_MD* digest = EVP_sha256()) {
  std::string token = EncodeBase64Url(header) + "." + EncodeBase64Url(payload);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(token.data()), token.size(), mac, &size);
  return token + "." + EncodeBase64Url({reinterpret_cast<const char*>(mac), size});
}

}  // namespace bullmq_exporter
