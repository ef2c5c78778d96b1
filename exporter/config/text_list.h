#pragma once

#include <span>
#include <string>
#include <vector>

namespace bullmq_exporter {

// The items of a list that was given several times, or split by commas: {"a, b", "c"} → a, b, c.
// Spaces around an item are dropped. An empty text is an empty list; an empty item stays, for
// somebody to refuse.
[[nodiscard]] std::vector<std::string> SplitLists(std::span<const std::string> texts);

}  // namespace bullmq_exporter
