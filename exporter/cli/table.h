#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bullmq_exporter {

// A table for the terminal: columns padded to the widest cell, two spaces between them, no lines.
class Table {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string heading;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns. Any bytes: see TerminalText.
  void AddRow(const std::vector<std::string>& cells);

  // Heading and rows, each with a line end. Nothing where there is no row.
  [[nodiscard]] std::string Text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // as they are shown
};

// Bytes from Redis as a terminal may get them: what is no UTF-8, control characters (which could
// move the cursor or rewrite lines) and marks that turn the direction of writing are written as
// `\xNN`.
[[nodiscard]] std::string TerminalText(std::string_view bytes);

}  // namespace bullmq_exporter
