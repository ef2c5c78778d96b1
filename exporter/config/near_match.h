#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// The candidate that somebody most likely meant by `word`: the one fewest edits away (insert,
// delete, replace, swap of neighbours), where those are at most a third of its length; `-` and `_`
// are one. Empty where none is near. The first of equals.
[[nodiscard]] std::string NearMatch(std::string_view word, std::span<const std::string> candidates);

// `; did you mean "x"?`, or nothing.
[[nodiscard]] std::string Suggestion(std::string_view word,
                                     std::span<const std::string> candidates);

}  // namespace bullmq_exporter
