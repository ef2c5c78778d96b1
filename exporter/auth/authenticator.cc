#include "exporter/auth/authenticator.h"

#include <mutex>
#include <shared_mutex>
#include <utility>

#include "exporter/auth/api_keys.h"
#include "exporter/auth/jwt.h"
#include "exporter/auth/permissions.h"
#include "exporter/auth/secret_file.h"

namespace bullmq_exporter {
namespace {

constexpr std::string_view kNoToken = "Unauthorized: No token provided";
constexpr std::string_view kInvalidKey = "Unauthorized: Invalid API key";
constexpr std::string_view kInvalidToken = "Unauthorized: Invalid token";
constexpr std::string_view kMfaPending = "Unauthorized: MFA verification required";
constexpr std::string_view kForbidden =
    "You are not allowed to perform this operation with your current role.";

tl::unexpected<Refusal> Refuse(int status, std::string_view message, std::string name = {}) {
  return tl::make_unexpected(Refusal{status, message, std::move(name)});
}

bool IsBearer(std::string_view scheme) {
  constexpr std::string_view kBearer = "bearer";
  if (scheme.size() != kBearer.size()) return false;
  for (std::size_t i = 0; i < kBearer.size(); ++i) {
    if ((scheme[i] | 0x20) != kBearer[i]) return false;
  }
  return true;
}

// The token of `Bearer <token>`; empty where there is none.
std::string_view BearerToken(std::optional<std::string_view> authorization) {
  if (!authorization) return {};
  const std::size_t blank = authorization->find(' ');
  if (blank == std::string_view::npos || !IsBearer(authorization->substr(0, blank))) return {};
  std::string_view token = authorization->substr(blank);
  while (token.starts_with(' ')) token.remove_prefix(1);
  while (token.ends_with(' ')) token.remove_suffix(1);
  return token;
}

Result<std::shared_ptr<const ApiKeys>> ParseContent(const SecretText& content,
                                                    const std::string& path, const ApiKeys*) {
  auto keys = ApiKeys::Parse(content.text(), path);
  if (!keys) return Fail(keys.error());
  return std::make_shared<const ApiKeys>(std::move(*keys));
}

Result<std::shared_ptr<const JwtVerifier>> ParseContent(const SecretText& content,
                                                        const std::string& path,
                                                        const JwtVerifier*) {
  auto verifier = JwtVerifier::FromSecretFile(content);
  if (!verifier) return Fail(verifier.error().In(path));
  return std::make_shared<const JwtVerifier>(std::move(*verifier));
}

// What a file said when it was last good.
template <class T>
class Reloaded {
 public:
  explicit Reloaded(const std::string& path) : file_(path) {}

  [[nodiscard]] const std::shared_ptr<const T>& value() const { return value_; }
  [[nodiscard]] const std::string& path() const { return file_.path(); }

  [[nodiscard]] bool IsCurrent() const { return file_.path().empty() || file_.IsUnchanged(); }

  // True where there is new content. An error leaves the value as it was, and comes once.
  Result<bool> Refresh() {
    if (file_.path().empty()) return false;
    auto content = file_.ReadIfChanged();
    if (!content) {
      if (content.error().message == last_read_error_) return false;
      last_read_error_ = content.error().message;
      return Fail(content.error());
    }
    last_read_error_.clear();
    const std::optional<SecretText>& changed = *content;
    if (!changed) return false;
    auto parsed = ParseContent(*changed, file_.path(), static_cast<const T*>(nullptr));
    if (!parsed) return Fail(parsed.error());
    value_ = std::move(*parsed);
    return true;
  }

 private:
  SecretFile file_;
  std::shared_ptr<const T> value_;
  std::string last_read_error_;
};

}  // namespace

struct Authenticator::State {
  State(const ApiConfig& config, const Logger& l)
      : logger(l), roles(config.roles), keys(config.keys_file), jwt(config.jwt_secret_file) {}

  template <class T>
  std::shared_ptr<const T> Current(Reloaded<T>& file) {
    {
      // Requests do not wait for each other while nothing changes.
      const std::shared_lock lock(mutex);
      if (file.IsCurrent()) return file.value();
    }
    const std::lock_guard lock(mutex);
    const auto changed = file.Refresh();
    if (!changed) {
      logger.Error("file not usable, its last good content stays in force",
                   {{"file", file.path()}, {"error", changed.error().message}});
    } else if (*changed) {
      logger.Info("file read again", {{"file", file.path()}});
    }
    return file.value();
  }

  const Logger logger;
  const RolePermissions roles;
  std::shared_mutex mutex;  // guards what follows
  Reloaded<ApiKeys> keys;
  Reloaded<JwtVerifier> jwt;
};

Authenticator::Authenticator(std::unique_ptr<State> state) : state_(std::move(state)) {}
Authenticator::~Authenticator() = default;

Result<std::unique_ptr<Authenticator>> Authenticator::Create(const ApiConfig& config,
                                                             const Logger& logger) {
  auto state = std::make_unique<State>(config, logger);
  if (auto read = state->keys.Refresh(); !read) return Fail(read.error());
  if (auto read = state->jwt.Refresh(); !read) return Fail(read.error());
  return std::unique_ptr<Authenticator>(new Authenticator(std::move(state)));
}

tl::expected<Identity, Refusal> Authenticator::Authenticate(const Credentials& credentials,
                                                            std::int64_t now_ms) {
  if (credentials.api_key && !credentials.api_key->empty()) {
    return AuthenticateKey(*credentials.api_key, now_ms);
  }
  const std::string_view token = BearerToken(credentials.authorization);
  if (token.empty()) return Refuse(401, kNoToken);
  return AuthenticateToken(token, now_ms);
}

tl::expected<Identity, Refusal> Authenticator::AuthenticateKey(std::string_view sent,
                                                               std::int64_t now_ms) {
  const auto keys = state_->Current(state_->keys);
  const ApiKey* key = keys ? keys->Find(sent, now_ms) : nullptr;
  if (key == nullptr) return Refuse(401, kInvalidKey);
  if (!HasPermission(key->permissions, kManageAll)) return Refuse(403, kForbidden, key->name);
  return Identity(key->name, key->limits);
}

tl::expected<Identity, Refusal> Authenticator::AuthenticateToken(std::string_view token,
                                                                 std::int64_t now_ms) {
  const auto verifier = state_->Current(state_->jwt);
  auto claims = verifier ? verifier->Verify(token, now_ms) : std::nullopt;
  if (!claims) return Refuse(401, kInvalidToken);
  if (claims->mfa_pending) return Refuse(401, kMfaPending, std::move(claims->subject));
  if (!RolesGrant(state_->roles, claims->roles, kManageAll)) {
    return Refuse(403, kForbidden, std::move(claims->subject));
  }
  return Identity(std::move(claims->subject), nullptr);
}

}  // namespace bullmq_exporter
