#include "exporter/base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "exporter/base/file_descriptor.h"

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
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.valid()) return ReadFailure(path, errno);
  struct stat info {};
  if (fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode)) return ReadFailure(path, EISDIR);
  return {};
}

Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.valid()) return ReadFailure(path, errno);
  std::string content;
  std::array<char, 16384> buffer;
  ssize_t received = 0;
  do {
    received = read(file.get(), buffer.data(), buffer.size());
    if (received > 0) content.append(buffer.data(), static_cast<std::size_t>(received));
  } while ((received > 0 && content.size() <= max_bytes) || (received < 0 && errno == EINTR));
  if (received < 0) return ReadFailure(path, errno);
  if (content.size() > max_bytes) {
    return Fail(ErrorCode::kInvalidArgument,
                path + ": has more than " + std::to_string(max_bytes) + " bytes");
  }
  return content;
}

}  // namespace bullmq_exporter
