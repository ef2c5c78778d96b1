#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace bullmq_exporter {

inline std::string ContentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) std::abort();
  return info.st_mode & 07777;
}

inline std::size_t FileCount(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace bullmq_exporter
