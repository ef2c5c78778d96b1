#include "exporter/auth/secret_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/base/file_descriptor.h"

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kUnsettledNs = 2'000'000'000;

tl::unexpected<Error> Failure(const std::string& path, int error) {
  return Fail(ErrorCode::kIo, path + ": " + std::generic_category().message(error));
}

std::int64_t Nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Result<SecretText> ReadWhole(const std::string& path) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return Failure(path, errno);
  struct stat info = {};
  if (fstat(file.get(), &info) != 0) return Failure(path, errno);
  if (!S_ISREG(info.st_mode)) return Fail(ErrorCode::kIo, path + ": is not a regular file");
  if (info.st_size > static_cast<off_t>(SecretFile::kMaxBytes)) {
    return Fail(ErrorCode::kIo,
                path + ": is longer than " + std::to_string(SecretFile::kMaxBytes) + " bytes");
  }
  // One allocation, with room to see that the file grew: a string that grows would leave copies of
  // a secret behind.
  std::string content(static_cast<std::size_t>(info.st_size) + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = read(file.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error = errno;
      const SecretText wiped(std::move(content));
      return Failure(path, error);
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  SecretText exact(content.substr(0, size));
  const SecretText wiped(std::move(content));
  if (size > static_cast<std::size_t>(info.st_size)) {
    return Fail(ErrorCode::kIo, path + ": is being written");
  }
  return exact;
}

}  // namespace

SecretText::SecretText(SecretText&& other) noexcept : text_(std::move(other.text_)) {
  other.Wipe();
}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this != &other) {
    Wipe();
    text_ = std::move(other.text_);
    other.Wipe();
  }
  return *this;
}

SecretText::~SecretText() { Wipe(); }

void SecretText::Wipe() {
  // Up to the capacity: a short text stands in the object itself, and a move leaves a copy there.
  text_.resize(text_.capacity());
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

Result<SecretFile::Stamp> SecretFile::ReadStamp() const {
  struct stat info = {};
  if (stat(path_.c_str(), &info) != 0) return Failure(path_, errno);
  return Stamp{info.st_dev, info.st_ino, info.st_size, Nanoseconds(info.st_mtim),
               Nanoseconds(info.st_ctim)};
}

bool SecretFile::IsUnchanged() const {
  const auto stamp = ReadStamp();
  return stamp && stamp_ == *stamp;
}

Result<std::optional<SecretText>> SecretFile::ReadIfChanged() {
  const auto stamp = ReadStamp();
  if (!stamp) {
    stamp_.reset();
    return Fail(stamp.error());
  }
  if (stamp_ == *stamp) return std::nullopt;
  auto content = ReadWhole(path_);
  // The file's own time is the server's where it lies on a network.
  const bool settled = stamp->changed_ns < NowMs() * 1'000'000 - kUnsettledNs;
  stamp_ = content && settled ? std::optional(*stamp) : std::nullopt;
  if (!content) return Fail(content.error());
  const Sha256Digest digest = Sha256(content->text());
  if (digest_ == digest) return std::nullopt;
  digest_ = digest;
  return std::move(*content);
}

}  // namespace bullmq_exporter
