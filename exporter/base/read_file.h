#pragma once

#include <cstddef>
#include <string>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// The whole content of a file, for configuration and secrets. kNotFound where it does not exist,
// kInvalidArgument where it is a folder or has more than `max_bytes`, kIo for everything else. The
// message names the path and the cause, never the content. Blocks as long as the file does (a
// FIFO).
[[nodiscard]] Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes);

// Whether ReadFile could begin to read the file now: opens it and reads nothing, since what is no
// regular file (a pipe) can be read only once.
[[nodiscard]] Result<void> CheckReadable(const std::string& path);

}  // namespace bullmq_exporter
