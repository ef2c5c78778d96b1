#pragma once

#include <array>
#include <string>
#include <string_view>

namespace bullmq_exporter {

using Sha256Digest = std::array<unsigned char, 32>;

// SHA-256 of `bytes`, by OpenSSL. It cannot fail but for want of memory or a libcrypto without
// SHA-256: then the process ends with std::abort, since no caller can go on without a digest.
// Thread-safe.
[[nodiscard]] Sha256Digest Sha256(std::string_view bytes);

// The same as 64 lower-case hex digits.
[[nodiscard]] std::string Sha256Hex(std::string_view bytes);

}  // namespace bullmq_exporter
