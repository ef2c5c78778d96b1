#include "exporter/config/text_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Split(std::vector<std::string> texts) { return SplitLists(texts); }

TEST(TextListTest, SplitsByCommasAndJoinsRepeats) {
  EXPECT_THAT(Split({"a"}), ElementsAre("a"));
  EXPECT_THAT(Split({"a, b ,c", "d"}), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Split({"bull:x y"}), ElementsAre("bull:x y"));
  EXPECT_THAT(Split({""}), IsEmpty());
  EXPECT_THAT(Split({"", "a"}), ElementsAre("a"));
  EXPECT_THAT(Split({"a,,b,"}), ElementsAre("a", "", "b", ""));
}

}  // namespace
}  // namespace bullmq_exporter
