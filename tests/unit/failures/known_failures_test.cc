#include "exporter/failures/known_failures.h"

#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;

class KnownFailuresTest : public testing::Test {
 protected:
  FailureBudget budget_{FailuresConfig{}, kNow, 50};
  KnownFailures known_{budget_};
};

TEST_F(KnownFailuresTest, KnowsByIdAndScore) {
  EXPECT_FALSE(known_.Contains("1", kNow));
  ASSERT_TRUE(known_.Add("1", kNow));
  EXPECT_TRUE(known_.Contains("1", kNow));
  EXPECT_TRUE(known_.Contains("1", kNow));
  EXPECT_FALSE(known_.Contains("2", kNow));
  EXPECT_FALSE(known_.Contains("1", kNow + 1)) << "it failed again";
}

TEST_F(KnownFailuresTest, CountsScoresInARange) {
  ASSERT_TRUE(known_.Add("1", kNow));
  ASSERT_TRUE(known_.Add("2", kNow + 10));
  EXPECT_EQ(known_.CountIn(kNow, kNow + 10), 1);
  EXPECT_EQ(known_.CountIn(kNow, kNow + 11), 2);
  EXPECT_EQ(known_.CountIn(kNow + 1, kNow + 10), 0);
}

TEST_F(KnownFailuresTest, ForgetsWhatIsOld) {
  ASSERT_TRUE(known_.Add("old", kNow - 1));
  ASSERT_TRUE(known_.Add("new", kNow));
  known_.Forget(kNow);
  EXPECT_FALSE(known_.Contains("old", kNow - 1));
  EXPECT_TRUE(known_.Contains("new", kNow));
  EXPECT_EQ(budget_.known, 1u);
  known_.Forget(kNow + 1);
  EXPECT_TRUE(known_.empty());
  EXPECT_EQ(budget_.known, 0u);
}

TEST_F(KnownFailuresTest, HasRoomForABoundedNumber) {
  EXPECT_EQ(known_.Room(), kMaxKnownOfQueue);
  for (std::size_t i = 0; i < kMaxKnownOfQueue; ++i) {
    ASSERT_TRUE(known_.Add(std::to_string(i), kNow));
  }
  EXPECT_EQ(known_.Room(), 0u);
  EXPECT_FALSE(known_.Add("one more", kNow));
  known_.Forget(kNow + 1);
  EXPECT_EQ(known_.Room(), kMaxKnownOfQueue);
  EXPECT_TRUE(known_.Add("one more", kNow));
}

TEST_F(KnownFailuresTest, QueuesOfATargetShareItsRoom) {
  budget_.known = kMaxKnownOfTarget - 2;
  EXPECT_EQ(known_.Room(), 2u);
  EXPECT_TRUE(known_.Add("1", kNow));
  EXPECT_TRUE(known_.Add("2", kNow));
  EXPECT_FALSE(known_.Add("3", kNow));
  {
    KnownFailures other(budget_);
    EXPECT_EQ(other.Room(), 0u);
  }
  EXPECT_EQ(budget_.known, kMaxKnownOfTarget);
}

TEST_F(KnownFailuresTest, TakesRoomOnceForWhatIsAddedTwice) {
  ASSERT_TRUE(known_.Add("1", kNow));
  ASSERT_TRUE(known_.Add("1", kNow));
  EXPECT_EQ(budget_.known, 1u);
  known_.Forget(kNow + 1);
  EXPECT_EQ(budget_.known, 0u);
}

TEST_F(KnownFailuresTest, GivesItsPartOfTheBudgetBack) {
  {
    KnownFailures other(budget_);
    ASSERT_TRUE(other.Add("1", kNow));
    EXPECT_EQ(budget_.known, 1u);
  }
  EXPECT_EQ(budget_.known, 0u);
}

}  // namespace
}  // namespace bullmq_exporter
