#include "exporter/base/error.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(ErrorTest, ContextGoesBeforeTheMessage) {
  const Error error{ErrorCode::kTimeout, "no reply in 3 s"};
  EXPECT_EQ(error.In("poll").In("redis-a").message, "redis-a: poll: no reply in 3 s");
  EXPECT_EQ(error.In("poll").code, ErrorCode::kTimeout);
}

TEST(ErrorTest, LabelsAreThoseOfTheDocumentedSeries) {
  EXPECT_EQ(ErrorLabel(ErrorCode::kReadonlyBrokenLink), "readonly_broken_link");
  EXPECT_EQ(ErrorLabel(ErrorCode::kNoPermission), "noperm");
  EXPECT_EQ(ErrorLabel(ErrorCode::kInternal), "other");
}

}  // namespace
}  // namespace bullmq_exporter
