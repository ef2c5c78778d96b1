#include "exporter/redis/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

namespace bullmq_exporter {
namespace {

using ContextPointer = std::unique_ptr<SSL_CTX, FreeSsl>;

std::string QueuedReason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown cause" : reason;
}

tl::unexpected<Error> BadFile(const char* what, const std::string& file) {
  return Fail(ErrorCode::kTls,
              "the " + std::string(what) + " " + file + " cannot be used: " + QueuedReason());
}

// OpenSSL's own socket BIO writes with SIGPIPE; this one does not.
int Descriptor(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int SendToSocket(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent = send(Descriptor(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int ReceiveFromSocket(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto received = recv(Descriptor(bio), bytes, static_cast<std::size_t>(size), 0);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(received);
}

long ControlSocket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

int CreateSocketBio(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

struct FreeMethod {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

const BIO_METHOD* SocketMethod() {
  static const std::unique_ptr<BIO_METHOD, FreeMethod> kMethod = [] {
    std::unique_ptr<BIO_METHOD, FreeMethod> made(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE"));
    BIO_meth_set_write(made.get(), SendToSocket);
    BIO_meth_set_read(made.get(), ReceiveFromSocket);
    BIO_meth_set_ctrl(made.get(), ControlSocket);
    BIO_meth_set_create(made.get(), CreateSocketBio);
    return made;
  }();
  return kMethod.get();
}

Result<void> LoadAuthorities(SSL_CTX* context, const RedisTlsConfig& config) {
  if (config.insecure_skip_verify) return {};
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (config.ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return Fail(ErrorCode::kTls, "the system's authorities cannot be read: " + QueuedReason());
  }
  if (SSL_CTX_load_verify_file(context, config.ca_file.c_str()) == 1) return {};
  return BadFile("file of authorities", config.ca_file);
}

Result<void> LoadCertificate(SSL_CTX* context, const RedisTlsConfig& config) {
  if (config.cert_file.empty()) return {};
  if (SSL_CTX_use_certificate_chain_file(context, config.cert_file.c_str()) != 1) {
    return BadFile("client certificate", config.cert_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, config.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return BadFile("key of the client certificate", config.key_file);
  }
  return {};
}

bool IsIpAddress(const std::string& name) {
  unsigned char ignored[sizeof(in6_addr)];
  return inet_pton(AF_INET, name.c_str(), ignored) == 1 ||
         inet_pton(AF_INET6, name.c_str(), ignored) == 1;
}

// SNI holds names only.
bool ExpectPeer(SSL* session, const std::string& name) {
  if (IsIpAddress(name)) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name.c_str()) == 1;
  }
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(session, name.c_str()) == 1 &&
         SSL_set_tlsext_host_name(session, name.c_str()) == 1;
}

}  // namespace

Result<SslPointer> MakeTlsSession(const RedisTlsConfig& config, const std::string& host,
                                  int descriptor) {
  ERR_clear_error();
  const ContextPointer context(SSL_CTX_new(TLS_client_method()));
  if (!context) return Fail(ErrorCode::kTls, "TLS cannot be started: " + QueuedReason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (auto loaded = LoadAuthorities(context.get(), config); !loaded) return Fail(loaded.error());
  if (auto loaded = LoadCertificate(context.get(), config); !loaded) return Fail(loaded.error());

  SslPointer session(SSL_new(context.get()));
  BIO* bio = BIO_new(SocketMethod());
  if (!session || bio == nullptr) {
    BIO_free(bio);
    return Fail(ErrorCode::kTls, "TLS cannot be started: " + QueuedReason());
  }
  // A BIO has room for a pointer only.  NOLINTNEXTLINE(performance-no-int-to-ptr)
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  SSL_set_bio(session.get(), bio, bio);
  SSL_set_connect_state(session.get());
  const std::string name =
      config.server_name.empty() ? host.substr(0, host.find('%')) : config.server_name;
  if (!ExpectPeer(session.get(), name)) {
    return Fail(ErrorCode::kTls, "no certificate can be for " + name + ": " + QueuedReason());
  }
  return session;
}

void ForgetAuthorities(SSL* session) {
  X509_STORE* empty = X509_STORE_new();
  if (empty != nullptr) SSL_CTX_set_cert_store(SSL_get_SSL_CTX(session), empty);
}

std::string TlsFailure(const SSL* session) {
  const long verdict = SSL_get_verify_result(session);
  if ((SSL_get_verify_mode(session) & SSL_VERIFY_PEER) != 0 && verdict != X509_V_OK) {
    return std::string("the server's certificate is refused: ") +
           X509_verify_cert_error_string(verdict);
  }
  return QueuedReason();
}

}  // namespace bullmq_exporter
