#include "exporter/redis/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;

TEST(PipelineTest, EncodesAndDecodesAnyBytes) {
  using namespace std::string_view_literals;
  Pipeline pipeline;
  EXPECT_EQ(pipeline.Add(Route::kKey, {"LLEN", "bull:q:wait"}), 0u);
  EXPECT_EQ(pipeline.Add(Route::kEachNode, {"GET", "a\0\r\n$3"sv, ""}), 1u);
  EXPECT_EQ(pipeline.Encoded(0), "*2\r\n$4\r\nLLEN\r\n$11\r\nbull:q:wait\r\n");
  EXPECT_THAT(pipeline.Args(0), ElementsAre("LLEN", "bull:q:wait"));
  EXPECT_THAT(pipeline.Args(1), ElementsAre("GET", "a\0\r\n$3"sv, ""));
  EXPECT_EQ(pipeline.route(1), Route::kEachNode);
  EXPECT_EQ(pipeline.Encoded().size(), pipeline.Encoded(0).size() + pipeline.Encoded(1).size());
  pipeline.Clear();
  EXPECT_TRUE(pipeline.empty());
  EXPECT_EQ(pipeline.Encoded(), "");
}

}  // namespace
}  // namespace bullmq_exporter
