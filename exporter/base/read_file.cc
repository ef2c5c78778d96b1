#include "exporter/base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace bullmq_exporter {
namespace {

tl::unexpected<Error> ReadFailure(const std::string& path, int error) {
  ErrorCode code = ErrorCode::kIo;
  if (error == ENOENT || error == ENOTDIR) code = ErrorCode::kNotFound;
  if (error == EISDIR) code = ErrorCode::kInvalidArgument;
  return Fail(code, path + ": cannot be read: " + std::generic_category().message(error));
}

}  // namespace

Result<void> CheckReadable(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return ReadFailure(path, errno);
  struct stat info {};
  const bool is_folder = fstat(descriptor, &info) == 0 && S_ISDIR(info.st_mode);
  close(descriptor);
  if (is_folder) return ReadFailure(path, EISDIR);
  return {};
}

Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return ReadFailure(path, errno);
  std::string content;
  std::array<char, 16384> buffer;
  ssize_t received = 0;
  do {
    received = read(descriptor, buffer.data(), buffer.size());
    if (received > 0) content.append(buffer.data(), static_cast<std::size_t>(received));
  } while ((received > 0 && content.size() <= max_bytes) || (received < 0 && errno == EINTR));
  const int error = errno;
  close(descriptor);
  if (received < 0) return ReadFailure(path, error);
  if (content.size() > max_bytes) {
    return Fail(ErrorCode::kInvalidArgument,
                path + ": has more than " + std::to_string(max_bytes) + " bytes");
  }
  return content;
}

}  // namespace bullmq_exporter
