#pragma once

#include <string>
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

  // As many cells as there are columns. Any bytes: shown by EscapeUnprintable.
  void AddRow(const std::vector<std::string>& cells);

  // Heading and rows, each with a line end. Nothing where there is no row.
  [[nodiscard]] std::string Text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // as they are shown
};

}  // namespace bullmq_exporter
