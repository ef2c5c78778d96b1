#include "exporter/auth/keys_file_edit.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "exporter/auth/api_keys.h"
#include "exporter/auth/secret_file.h"
#include "exporter/base/file_descriptor.h"

namespace bullmq_exporter {
namespace {

constexpr int kMaxTries = 100;

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Ways to write the entry into the file; the parser says which of them is right.
std::vector<std::string> Candidates(std::string_view text, const std::string& entry) {
  std::vector<std::string> candidates;
  std::string whole(text);
  if (!whole.ends_with('\n')) whole += '\n';
  for (std::size_t line = 0; line < whole.size(); line = whole.find('\n', line) + 1) {
    const std::size_t dash = whole.find_first_not_of(' ', line);
    if (whole.compare(dash, 2, "- ") != 0) continue;
    whole.append(dash - line, ' ').append("- ").append(entry).append("\n");
    candidates.push_back(std::move(whole));
    break;
  }
  constexpr std::size_t kBracketsTried = 8;
  std::size_t bracket = text.rfind(']');
  for (std::size_t i = 0; i < kBracketsTried && bracket != std::string_view::npos; ++i) {
    const std::string_view before = text.substr(0, bracket);
    const std::size_t last = before.find_last_not_of(" \t\r\n");
    const bool needs_comma =
        last != std::string_view::npos && before[last] != '[' && before[last] != ',';
    candidates.push_back(std::string(before) + (needs_comma ? ", " : "") + entry +
                         std::string(text.substr(bracket)));
    if (bracket == 0) break;
    bracket = text.rfind(']', bracket - 1);
  }
  return candidates;
}

bool IsOldPlusOne(const ApiKeys& now, const ApiKeys& old, const ApiKey& added) {
  const std::vector<ApiKey>& keys = now.keys();
  return keys.size() == old.keys().size() + 1 && keys.back().digest == added.digest &&
         std::equal(old.keys().begin(), old.keys().end(), keys.begin(),
                    [](const ApiKey& a, const ApiKey& b) { return a.digest == b.digest; });
}

tl::unexpected<Error> Failure(const std::string& path, int error) {
  return Fail(ErrorCode::kIo, path + ": " + std::generic_category().message(error));
}

// A new file beside the one that it will become; removed unless it became it.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target)
      : path_(target + ".XXXXXX"), file_(mkostemp(path_.data(), O_CLOEXEC)), error_(errno) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (file_.get() >= 0) unlink(path_.c_str());
  }

  // Mode and owner as those of `like`, which may be null.
  Result<void> Write(std::string_view content, const struct stat* like) {
    if (file_.get() < 0) return Failure(path_, error_);
    while (!content.empty()) {
      const ssize_t written = write(file_.get(), content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failure(path_, errno);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (like != nullptr) {
      const bool owned = like->st_uid == geteuid() && like->st_gid == getegid();
      if (!owned && fchown(file_.get(), like->st_uid, like->st_gid) != 0) {
        return Failure(path_, errno);
      }
      if (fchmod(file_.get(), like->st_mode & 07777) != 0) return Failure(path_, errno);
    }
    if (fsync(file_.get()) != 0) return Failure(path_, errno);
    return {};
  }

  [[nodiscard]] const char* path() const { return path_.c_str(); }

 private:
  std::string path_;
  FileDescriptor file_;
  int error_;
};

// The path behind all links, so that a link stays one.
std::string Resolve(const std::string& path) {
  const std::unique_ptr<char, decltype(&free)> resolved(realpath(path.c_str(), nullptr), &free);
  return resolved ? std::string(resolved.get()) : path;
}

using Edit = std::function<Result<std::string>(std::string_view)>;

// False where somebody else made the file meanwhile.
Result<bool> MakeFile(const std::string& path, const Edit& edit) {
  const auto content = edit("");
  if (!content) return Fail(content.error());
  TemporaryFile file(path);
  if (auto written = file.Write(*content, nullptr); !written) return Fail(written.error());
  if (link(file.path(), path.c_str()) == 0) return true;
  if (errno == EEXIST) return false;
  return Failure(path, errno);
}

// False where somebody else replaced the file meanwhile.
Result<bool> ReplaceFile(const std::string& path, int locked, const Edit& edit) {
  struct stat opened = {};
  struct stat named = {};
  if (fstat(locked, &opened) != 0) return Failure(path, errno);
  if (stat(path.c_str(), &named) != 0 || named.st_ino != opened.st_ino ||
      named.st_dev != opened.st_dev) {
    return false;
  }
  const auto old = SecretFile(path).ReadIfChanged();
  if (!old) return Fail(old.error());
  // A file that is read for the first time has changed.
  const auto content = edit(*old ? std::string_view((**old).text()) : std::string_view());
  if (!content) return Fail(content.error());
  TemporaryFile file(path);
  if (auto written = file.Write(*content, &opened); !written) return Fail(written.error());
  if (rename(file.path(), path.c_str()) != 0) return Failure(path, errno);
  return true;
}

}  // namespace

Result<std::string> WithEntryAdded(std::string_view text, const std::string& file,
                                   const std::string& entry) {
  const auto added = ApiKeys::Parse("keys: [" + entry + "]", "entry");
  if (!added) return Fail(added.error());
  if (IsBlank(text)) return "keys:\n  - " + entry + "\n";
  const auto old = ApiKeys::Parse(text, file);
  if (!old) return Fail(old.error());
  const ApiKey& key = added->keys().front();
  for (const ApiKey& present : old->keys()) {
    if (present.name == key.name) {
      return Fail(ErrorCode::kInvalidArgument, file + ": has a key with this name already");
    }
  }
  for (std::string& candidate : Candidates(text, entry)) {
    const auto now = ApiKeys::Parse(candidate, file);
    if (now && IsOldPlusOne(*now, *old, key)) return std::move(candidate);
  }
  return Fail(ErrorCode::kInvalidArgument,
              file + ": cannot add to a list that is laid out like this; add the entry by hand");
}

Result<void> EditFile(const std::string& path, const Edit& edit) {
  const std::string target = Resolve(path);
  for (int tries = 0; tries < kMaxTries; ++tries) {
    const FileDescriptor file(open(target.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0 && errno != ENOENT) return Failure(path, errno);
    if (file.get() >= 0 && flock(file.get(), LOCK_EX) != 0) return Failure(path, errno);
    const auto done =
        file.get() < 0 ? MakeFile(target, edit) : ReplaceFile(target, file.get(), edit);
    if (!done) return Fail(done.error());
    if (*done) return {};
  }
  return Fail(ErrorCode::kIo, path + ": is changed by others all the time");
}

}  // namespace bullmq_exporter
