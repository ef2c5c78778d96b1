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
  EXPECT_FALSE(known_.RecognizeScore("1", kNow));
  ASSERT_TRUE(known_.RememberScore("1", kNow));
  EXPECT_TRUE(known_.RecognizeScore("1", kNow));
  EXPECT_TRUE(known_.RecognizeScore("1", kNow));
  EXPECT_FALSE(known_.RecognizeScore("2", kNow));
  EXPECT_FALSE(known_.RecognizeScore("1", kNow + 1)) << "it failed again";
}

TEST_F(KnownFailuresTest, AnEventIsTheFailureOfTheSameIdWithinTheOverlap) {
  ASSERT_TRUE(known_.RememberScore("1", kNow));
  EXPECT_FALSE(known_.RecognizeEvent("1", kNow + kFailureOverlapMs + 1));
  EXPECT_FALSE(known_.RecognizeEvent("2", kNow));
  EXPECT_TRUE(known_.RecognizeEvent("1", kNow + kFailureOverlapMs));
  EXPECT_TRUE(known_.RecognizeEvent("1", kNow + kFailureOverlapMs)) << "told twice";
}

TEST_F(KnownFailuresTest, AScoreIsTheFailureThatAnEventTold) {
  ASSERT_TRUE(known_.RememberEvent("1", kNow));
  EXPECT_FALSE(known_.RecognizeScore("1", kNow - kFailureOverlapMs - 1));
  EXPECT_TRUE(known_.RecognizeScore("1", kNow - 60'000));
  EXPECT_TRUE(known_.RecognizeScore("1", kNow - 60'000)) << "read again";
  EXPECT_FALSE(known_.RecognizeScore("1", kNow - 59'999)) << "it failed again";
}

// Two events and one score: the job failed, was retried by hand and failed again between two reads.
TEST_F(KnownFailuresTest, EachEventIsOneFailure) {
  ASSERT_TRUE(known_.RememberScore("1", kNow));
  EXPECT_TRUE(known_.RecognizeEvent("1", kNow + 20));
  EXPECT_FALSE(known_.RecognizeEvent("1", kNow + 5'000));
  ASSERT_TRUE(known_.RememberEvent("1", kNow + 5'000));
  EXPECT_TRUE(known_.RecognizeScore("1", kNow + 4'990));
  EXPECT_FALSE(known_.RecognizeScore("1", kNow + 9'000));
}

TEST_F(KnownFailuresTest, TakesTheNearestEvent) {
  ASSERT_TRUE(known_.RememberEvent("1", kNow));
  ASSERT_TRUE(known_.RememberEvent("1", kNow + 30'000));
  EXPECT_TRUE(known_.RecognizeScore("1", kNow + 29'000));
  EXPECT_TRUE(known_.RecognizeScore("1", kNow + 1'000));
  EXPECT_FALSE(known_.RecognizeScore("1", kNow + 2'000));
}

TEST_F(KnownFailuresTest, CountsScoresAndLoneEventsInARange) {
  ASSERT_TRUE(known_.RememberScore("1", kNow));
  ASSERT_TRUE(known_.RememberScore("2", kNow + 10));
  ASSERT_TRUE(known_.RememberEvent("3", kNow + 5));
  ASSERT_TRUE(known_.RememberEvent("4", kNow + 5));
  ASSERT_TRUE(known_.RecognizeScore("4", kNow + 50));
  EXPECT_EQ(known_.CountIn(kNow, kNow + 10), 2);
  EXPECT_EQ(known_.CountIn(kNow, kNow + 11), 3);
  EXPECT_EQ(known_.CountIn(kNow + 50, kNow + 51), 1);
}

TEST_F(KnownFailuresTest, ForgetsWhatIsOldByBothTimes) {
  ASSERT_TRUE(known_.RememberScore("old", kNow - 1));
  ASSERT_TRUE(known_.RememberScore("new", kNow));
  ASSERT_TRUE(known_.RememberScore("tied", kNow - 10));
  ASSERT_TRUE(known_.RecognizeEvent("tied", kNow + 10));
  known_.Forget(kNow);
  EXPECT_FALSE(known_.RecognizeScore("old", kNow - 1));
  EXPECT_TRUE(known_.RecognizeScore("new", kNow));
  EXPECT_TRUE(known_.RecognizeScore("tied", kNow - 10));
  EXPECT_EQ(budget_.known, 2u);
  known_.Forget(kNow + 11);
  EXPECT_TRUE(known_.empty());
  EXPECT_EQ(budget_.known, 0u);
}

TEST_F(KnownFailuresTest, HasRoomForABoundedNumber) {
  EXPECT_EQ(known_.Room(), kMaxKnownOfQueue);
  for (std::size_t i = 0; i < kMaxKnownOfQueue; ++i) {
    ASSERT_TRUE(known_.RememberScore(std::to_string(i), kNow));
  }
  EXPECT_EQ(known_.Room(), 0u);
  EXPECT_FALSE(known_.RememberScore("one more", kNow));
  EXPECT_FALSE(known_.RememberEvent("one more", kNow));
  known_.Forget(kNow + 1);
  EXPECT_EQ(known_.Room(), kMaxKnownOfQueue);
  EXPECT_TRUE(known_.RememberScore("one more", kNow));
}

TEST_F(KnownFailuresTest, QueuesOfATargetShareItsRoom) {
  budget_.known = kMaxKnownOfTarget - 2;
  EXPECT_EQ(known_.Room(), 2u);
  EXPECT_TRUE(known_.RememberScore("1", kNow));
  EXPECT_TRUE(known_.RememberScore("2", kNow));
  EXPECT_FALSE(known_.RememberScore("3", kNow));
  {
    KnownFailures other(budget_);
    EXPECT_EQ(other.Room(), 0u);
  }
  EXPECT_EQ(budget_.known, kMaxKnownOfTarget);
}

TEST_F(KnownFailuresTest, OneIdCannotTakeAllTheRoom) {
  int remembered = 0;
  for (int i = 0; i < 1000; ++i)
    remembered += known_.RememberScore("again and again", kNow + i) ? 1 : 0;
  EXPECT_GT(remembered, 10);
  EXPECT_LT(remembered, 100);
}

TEST_F(KnownFailuresTest, GivesItsPartOfTheBudgetBack) {
  {
    KnownFailures other(budget_);
    ASSERT_TRUE(other.RememberScore("1", kNow));
    EXPECT_EQ(budget_.known, 1u);
  }
  EXPECT_EQ(budget_.known, 0u);
}

}  // namespace
}  // namespace bullmq_exporter
