#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "exporter/base/error.h"
#include "exporter/config/config.h"

namespace bullmq_exporter {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPointer = std::unique_ptr<SSL, FreeSsl>;

// A TLS client session (1.2 or newer) over a connected, non-blocking descriptor, which must outlive
// it: authorities, client certificate, SNI and the name or IP address that the certificate must be
// for are set; the handshake is the caller's. The files are read at each call, so that a renewed
// certificate is used at the next connect. `host` is what the address names; config.server_name
// wins. Fails with kTls when a file cannot be used; the message names it.
[[nodiscard]] Result<SslPointer> MakeTlsSession(const RedisTlsConfig& config,
                                                const std::string& host, int descriptor);

// Gives back the memory of the authorities, which only the handshake needs.
void ForgetAuthorities(SSL* session);

// Why the last operation of this thread on `session` failed, for a person: the cause from the
// verification of the certificate, else from OpenSSL's error queue.
[[nodiscard]] std::string TlsFailure(const SSL* session);

}  // namespace bullmq_exporter
