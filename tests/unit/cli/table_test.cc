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
  const struct {
    std::string bytes;
    const char* text;
  } cases[] = {
      {"plain ü 🎉", "plain ü 🎉"},
      {"\x1b[2J\x1b]0;title\x07", "\\x1B[2J\\x1B]0;title\\x07"},
      {"a\nb\rc\td", "a\\x0Ab\\x0Dc\\x09d"},
      {std::string("n\0l", 3), "n\\x00l"},
      {"bad\xff\xc3", "bad\\xFF\\xC3"},
      {"c1\xc2\x9b", "c1\\xC2\\x9B"},
      {"\xe2\x80\xae"
       "gnp.exe",
       "\\xE2\\x80\\xAEgnp.exe"},
      {"\x7f", "\\x7F"},
  };
  for (const auto& c : cases) EXPECT_EQ(TerminalText(c.bytes), c.text);
}

}  // namespace
}  // namespace bullmq_exporter
