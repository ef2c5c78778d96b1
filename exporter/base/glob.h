#pragma once

#include <string_view>

namespace bullmq_exporter {

// Whether the whole of `text` matches `pattern`, in which `*` stands for any bytes, none too, and
// `?` for one byte; every other byte stands for itself. Linear in the product of both lengths at
// worst.
[[nodiscard]] bool GlobMatch(std::string_view pattern, std::string_view text);

}  // namespace bullmq_exporter
