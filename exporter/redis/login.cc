#include "exporter/redis/login.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>

namespace bullmq_exporter {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// The first line of the file that `what` ("user", "password") stands in.
Result<std::string> ReadCredential(const std::string& what, const std::string& path) {
  const auto failed = [&](const std::string& cause) {
    return Fail(ErrorCode::kAuth, "the " + what + " file " + path + " cannot be read: " + cause);
  };
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
  if (!file) return failed(std::generic_category().message(errno));
  std::array<char, 4096> buffer;
  const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file.get());
  if (std::ferror(file.get()) != 0) return failed(std::generic_category().message(errno));
  if (size == buffer.size()) return failed("it is longer than a " + what);
  std::string line(buffer.data(), size);
  line.resize(std::min(line.find_first_of("\r\n"), line.size()));
  if (line.empty()) return failed("its first line is empty");
  return line;
}

// What the file holds, or `otherwise` where none is named.
Result<std::string> Credential(const std::string& what, const std::string& path,
                               const std::string& otherwise) {
  if (path.empty()) return otherwise;
  return ReadCredential(what, path);
}

}  // namespace

Result<Pipeline> MakeLogin(const RedisConfig& config) {
  Pipeline login;
  const auto username = Credential("user", config.username_file, config.username);
  if (!username) return Fail(username.error());
  const auto password = Credential("password", config.password_file, config.password);
  if (!password) return Fail(password.error());
  if (!username->empty()) {
    login.Add(Route::kEachNode, {"AUTH", *username, *password});
  } else if (!password->empty()) {
    login.Add(Route::kEachNode, {"AUTH", *password});
  }
  if (config.address.database != 0) {
    login.Add(Route::kEachNode, {"SELECT", std::to_string(config.address.database)});
  }
  login.Add(Route::kEachNode, {"CLIENT", "SETNAME", "bullmq_exporter"});
  return login;
}

Result<void> CheckLogin(const Pipeline& login, const Replies& replies) {
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (!replies[i].is_error()) continue;
    const std::string_view command = login.Args(i).front();
    Error error = ErrorOf(replies[i]);
    if (command == "CLIENT") {
      if (IsServerError(replies[i])) return Fail(error);
      continue;
    }
    if (error.code == ErrorCode::kOther) {
      error.code = command == "AUTH" ? ErrorCode::kAuth : ErrorCode::kDatabase;
    }
    return Fail(error.In(command));
  }
  return {};
}

}  // namespace bullmq_exporter
