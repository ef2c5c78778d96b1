#include "exporter/cli/table.h"

#include <algorithm>
#include <string_view>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

constexpr std::string_view kGap = "  ";

std::size_t Width(std::string_view text) {
  std::size_t characters = 0;
  for (; !text.empty(); text.remove_prefix(DecodeUtf8(text).length)) ++characters;
  return characters;
}

void AddCell(std::string& line, const std::string& cell, std::size_t width, Table::Align align) {
  const std::string padding(width - Width(cell), ' ');
  if (!line.empty()) line += kGap;
  line += align == Table::Align::kRight ? padding + cell : cell + padding;
}

}  // namespace

void Table::AddRow(const std::vector<std::string>& cells) {
  std::vector<std::string>& row = rows_.emplace_back();
  for (const std::string& cell : cells) row.push_back(EscapeUnprintable(cell));
  row.resize(columns_.size());
}

std::string Table::Text() const {
  if (rows_.empty()) return "";
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(Width(columns_[i].heading));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string text;
  const auto add_line = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      AddCell(line, cell_of(i), widths[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add_line([&](std::size_t i) { return columns_[i].heading; });
  for (const auto& row : rows_) {
    add_line([&](std::size_t i) { return row[i]; });
  }
  return text;
}

}  // namespace bullmq_exporter
