#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// A new empty folder that is removed, with all in it, at the end of the scope.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // The path of a file of this folder.
  [[nodiscard]] std::string File(std::string_view name) const { return path_ / name; }
  // Writes a file (replacing one that is there) and returns its path.
  std::string Write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace bullmq_exporter
