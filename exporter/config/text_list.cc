#include "exporter/config/text_list.h"

#include <algorithm>
#include <string_view>

namespace bullmq_exporter {
namespace {

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<std::string> SplitLists(std::span<const std::string> texts) {
  std::vector<std::string> items;
  for (std::string_view rest : texts) {
    if (rest.empty()) continue;
    for (std::size_t comma = rest.find(','); comma != std::string_view::npos;
         comma = rest.find(',')) {
      items.emplace_back(Trimmed(rest.substr(0, comma)));
      rest.remove_prefix(comma + 1);
    }
    items.emplace_back(Trimmed(rest));
  }
  return items;
}

}  // namespace bullmq_exporter
