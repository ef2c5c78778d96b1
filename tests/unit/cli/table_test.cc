#include "exporter/cli/table.h"

#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

TEST(TableTest, PadsByCharacters) {
  Table table({{"QUEUE"}, {"JOBS", Table::Align::kRight}, {"NOTE"}});
  EXPECT_EQ(table.Text(), "");
  table.AddRow({"mail", "7", "x"});
  table.AddRow({"überlänge", "12345", ""});
  EXPECT_EQ(table.Text(),
            "QUEUE       JOBS  NOTE\n"
            "mail           7  x\n"
            "überlänge  12345\n");
}

TEST(TableTest, ATerminalGetsNoControlCharacters) {
  Table table({{"QUEUE"}});
  table.AddRow({"\x1b[2J"});
  EXPECT_EQ(table.Text(), "QUEUE\n\\x1B[2J\n");
}

}  // namespace
}  // namespace bullmq_exporter
