#include "exporter/failures/failure_counts.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;
constexpr std::int64_t kHour = 3'600'000;

using Pairs = std::map<std::pair<std::string, std::string>, std::int64_t>;

Pairs PairsOf(const FailureCounts& counts) {
  Pairs pairs;
  for (const FailureCount& count : counts.Read()) pairs[{count.name, count.reason}] = count.count;
  return pairs;
}

std::int64_t Total(const FailureCounts& counts) {
  std::int64_t total = 0;
  for (const FailureCount& count : counts.Read()) total += count.count;
  return total;
}

class FailureCountsTest : public testing::Test {
 protected:
  FailureBudget budget_{FailuresConfig{}, kNow, 1000};
  FailureCounts counts_{budget_};
};

TEST_F(FailureCountsTest, CountsByNameAndClass) {
  counts_.Add("1", "import", "timeout", kNow);
  counts_.Add("2", "import", "timeout", kNow + 1);
  counts_.Add("3", "import", "refused", kNow + 2);
  counts_.Add("4", "export", "timeout", kNow + 3);
  EXPECT_EQ(
      PairsOf(counts_),
      (Pairs{{{"export", "timeout"}, 1}, {{"import", "refused"}, 1}, {{"import", "timeout"}, 2}}));
}

TEST_F(FailureCountsTest, ReadsFirstLastAndTheNewestIds) {
  for (const int at : {3, 1, 7, 5, 2, 6, 4}) counts_.Add(std::to_string(at), "n", "r", kNow + at);
  counts_.Add(std::string(129, 'x'), "n", "r", kNow + 8);
  const std::vector<FailureCount> read = counts_.Read();
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].count, 8);
  EXPECT_EQ(read[0].first_ms, kNow + 1);
  EXPECT_EQ(read[0].last_ms, kNow + 8);
  EXPECT_EQ(read[0].job_ids, (std::vector<std::string>{"7", "6", "5", "4", "3"}));
}

TEST_F(FailureCountsTest, EachLeavesAtItsOwnTime) {
  counts_.Add("1", "n", "r", kNow);
  counts_.Add("2", "n", "r", kNow + 10);
  EXPECT_FALSE(counts_.Slide(kNow + kHour));
  EXPECT_EQ(Total(counts_), 2);
  EXPECT_TRUE(counts_.Slide(kNow + kHour + 1));
  EXPECT_EQ(Total(counts_), 1);
  EXPECT_EQ(counts_.Read()[0].first_ms, kNow + 10);
  EXPECT_EQ(counts_.Read()[0].job_ids, std::vector<std::string>{"2"});
  EXPECT_FALSE(counts_.Slide(kNow + kHour + 10));
  EXPECT_TRUE(counts_.Slide(kNow + kHour + 11));
  EXPECT_EQ(Total(counts_), 0);
}

TEST_F(FailureCountsTest, APairStaysAtZeroForOneMoreWindow) {
  counts_.Add("1", "n", "r", kNow);
  counts_.Slide(kNow + kHour + 1);
  EXPECT_EQ(PairsOf(counts_), (Pairs{{{"n", "r"}, 0}}));
  EXPECT_FALSE(counts_.Slide(kNow + 2 * kHour));
  EXPECT_EQ(PairsOf(counts_), (Pairs{{{"n", "r"}, 0}}));
  EXPECT_TRUE(counts_.Slide(kNow + 2 * kHour + 1));
  EXPECT_TRUE(counts_.empty());
}

TEST_F(FailureCountsTest, PairsThatGoLeaveTheOthersRight) {
  counts_.Add("1", "a", "r", kNow);
  counts_.Add("2", "b", "r", kNow + kHour);
  counts_.Add("3", "c", "r", kNow);
  counts_.Add("4", "d", "r", kNow + 2 * kHour);
  counts_.Add("5", "d", "r", kNow + 2 * kHour);
  counts_.Slide(kNow + 2 * kHour + 1);
  EXPECT_EQ(PairsOf(counts_), (Pairs{{{"b", "r"}, 0}, {{"d", "r"}, 2}}));
  counts_.Add("6", "d", "r", kNow + 2 * kHour);
  counts_.Add("7", "e", "r", kNow + 2 * kHour);
  EXPECT_EQ(PairsOf(counts_), (Pairs{{{"b", "r"}, 0}, {{"d", "r"}, 3}, {{"e", "r"}, 1}}));
}

TEST_F(FailureCountsTest, NamesAreCapped) {
  FailureBudget budget(FailuresConfig{}, kNow, 3);
  FailureCounts counts(budget);
  for (int i = 0; i < 5; ++i) counts.Add("1", "name " + std::to_string(i), "r", kNow);
  counts.Add("1", "name 4", "r", kNow);
  counts.Add("1", "name 4", "s", kNow);  // the class is still told apart
  counts.Add("1", "name 0", "s", kNow);
  EXPECT_EQ(PairsOf(counts), (Pairs{{{"name 0", "r"}, 1},
                                    {{"name 0", "s"}, 1},
                                    {{"name 1", "r"}, 1},
                                    {{"name 2", "r"}, 1},
                                    {{"__other__", "r"}, 3},
                                    {{"__other__", "s"}, 1}}));
  EXPECT_EQ(budget.Capped().names, 2);
  EXPECT_EQ(budget.Capped().failure_pairs, 0);
  counts.Slide(kNow + 2 * kHour + 1);
  EXPECT_EQ(budget.Capped().names, 0);
  counts.Add("1", "name 4", "r", kNow + 2 * kHour + 1);
  EXPECT_EQ(PairsOf(counts), (Pairs{{{"name 4", "r"}, 1}}));
}

TEST_F(FailureCountsTest, CappedNamesWithCappedClasses) {
  FailureBudget budget(FailuresConfig{.classes_per_queue = 1}, kNow, 1);
  FailureCounts counts(budget);
  counts.Add("1", "a", "r", kNow);
  counts.Add("2", "b", "s", kNow);
  for (int i = 0; i < 200; ++i) counts.Add("3", std::to_string(i), std::to_string(i), kNow);
  EXPECT_EQ(PairsOf(counts), (Pairs{{{"a", "r"}, 1}, {{"__other__", "__other__"}, 201}}));
  EXPECT_EQ(budget.Capped().names, 201);
  EXPECT_EQ(budget.Capped().reasons, 201);
  EXPECT_EQ(budget.pairs, 3u);
  counts.Slide(kNow + 2 * kHour + 1);
  EXPECT_EQ(budget.pairs, 1u);
  EXPECT_EQ(budget.Capped().names, 0);
}

TEST_F(FailureCountsTest, ClassesAreCapped) {
  for (int i = 0; i < 30; ++i) counts_.Add("1", "n", "class " + std::to_string(i), kNow);
  counts_.Add("1", "n", "class 29", kNow);
  counts_.Add("1", "m", "class 3", kNow);
  const Pairs pairs = PairsOf(counts_);
  EXPECT_EQ(pairs.size(), 22u);
  EXPECT_EQ(pairs.at({"n", "class 19"}), 1);
  EXPECT_EQ(pairs.at({"n", "__other__"}), 11);
  EXPECT_EQ(pairs.at({"m", "class 3"}), 1);
  EXPECT_FALSE(pairs.contains({"n", "class 20"}));
  EXPECT_EQ(budget_.Capped().reasons, 10);
  EXPECT_EQ(budget_.Capped().failure_pairs, 0);
}

TEST_F(FailureCountsTest, ClassesThatGoMakeRoom) {
  for (int i = 0; i < 20; ++i) counts_.Add("1", "n", "old " + std::to_string(i), kNow);
  counts_.Add("1", "n", "new", kNow);
  EXPECT_EQ(budget_.Capped().reasons, 1);
  counts_.Slide(kNow + 2 * kHour + 1);
  EXPECT_EQ(budget_.Capped().reasons, 0);
  counts_.Add("1", "n", "new", kNow + 2 * kHour + 1);
  EXPECT_EQ(PairsOf(counts_), (Pairs{{{"n", "new"}, 1}}));
}

TEST_F(FailureCountsTest, PairsAreCapped) {
  for (int i = 0; i < 150; ++i) counts_.Add("1", "name " + std::to_string(i), "r", kNow);
  const Pairs pairs = PairsOf(counts_);
  EXPECT_EQ(pairs.size(), kMaxPairsOfQueue);
  EXPECT_EQ(pairs.at({"__other__", "__other__"}), 51);
  EXPECT_EQ(budget_.pairs, kMaxPairsOfQueue);
  EXPECT_EQ(budget_.Capped().failure_pairs, 51);
  EXPECT_EQ(Total(counts_), 150);
  counts_.Slide(kNow + 2 * kHour + 1);
  EXPECT_TRUE(counts_.empty());
  EXPECT_EQ(budget_.pairs, 1u);
  EXPECT_EQ(budget_.Capped().failure_pairs, 0);
  for (int i = 0; i < 150; ++i)
    counts_.Add("1", "name " + std::to_string(i), "r", kNow + 3 * kHour);
  EXPECT_EQ(counts_.Read().size(), kMaxPairsOfQueue);
  EXPECT_EQ(budget_.pairs, kMaxPairsOfQueue);
}

TEST_F(FailureCountsTest, ANamedOtherIsAPairLikeAnyOther) {
  counts_.Add("1", "__other__", "__other__", kNow);
  EXPECT_EQ(budget_.pairs, 2u);
  for (int i = 0; i < 150; ++i) counts_.Add("1", "name " + std::to_string(i), "r", kNow);
  EXPECT_EQ(PairsOf(counts_).at({"__other__", "__other__"}), 53);
  EXPECT_LE(counts_.Read().size(), kMaxPairsOfQueue);
  counts_.Slide(kNow + 2 * kHour + 1);
  EXPECT_EQ(budget_.pairs, 1u);
}

TEST_F(FailureCountsTest, PairsOfATargetAreCapped) {
  budget_.pairs = kMaxPairsOfTarget - 1;
  counts_.Add("1", "a", "r", kNow);
  counts_.Add("1", "b", "r", kNow);
  counts_.Add("1", "a", "r", kNow);
  EXPECT_EQ(PairsOf(counts_), (Pairs{{{"a", "r"}, 2}, {{"__other__", "__other__"}, 1}}));
  EXPECT_EQ(budget_.pairs, kMaxPairsOfTarget);
  EXPECT_EQ(budget_.Capped().failure_pairs, 1);
  budget_.pairs = 2;  // what this queue has
}

TEST_F(FailureCountsTest, WithoutClassesTheNamesCount) {
  for (int i = 0; i < 150; ++i) counts_.Add("1", "name " + std::to_string(i), "", kNow);
  const Pairs pairs = PairsOf(counts_);
  EXPECT_EQ(pairs.size(), kMaxPairsOfQueue);
  EXPECT_EQ(pairs.at({"__other__", ""}), 51);
  EXPECT_EQ(budget_.Capped().reasons, 0);
}

TEST_F(FailureCountsTest, LongNamesAreCut) {
  counts_.Add("1", std::string(70'000, 'x') + "1", "r", kNow);
  counts_.Add("1", std::string(70'000, 'x') + "2", "r", kNow);
  EXPECT_EQ(PairsOf(counts_), (Pairs{{{std::string(1024, 'x'), "r"}, 2}}));
}

// A hundred failures a second for two hours, in any order of names: nothing is lost, the entries
// stay few, and each leaves no later than a twentieth of the window.
TEST_F(FailureCountsTest, ManyTimesBecomeFewerWithoutLosingAFailure) {
  std::int64_t added = 0;
  for (std::int64_t at = kNow; at < kNow + kHour; at += 10) {
    counts_.Add("1", "name " + std::to_string(added % 7), "r", at);
    ++added;
  }
  EXPECT_LE(budget_.entries, 4'200u);
  EXPECT_EQ(Total(counts_), added);
  for (int part = 1; part <= 10; ++part) {
    const std::int64_t gone_ms = part * kHour / 10;
    counts_.Slide(kNow + kHour + gone_ms);
    const auto exact = static_cast<double>(added) * (10 - part) / 10;
    EXPECT_GE(static_cast<double>(Total(counts_)), exact);
    EXPECT_LE(static_cast<double>(Total(counts_)), exact + static_cast<double>(added) / 20);
  }
  counts_.Slide(kNow + 2 * kHour + 1);
  EXPECT_EQ(Total(counts_), 0);
  EXPECT_EQ(budget_.entries, 0u);
}

TEST_F(FailureCountsTest, FewTimesStayExact) {
  for (int i = 0; i < 1'900; ++i) counts_.Add("1", "n", "r", kNow + i);
  for (int i = 0; i < 1'900; i += 100) {
    counts_.Slide(kNow + kHour + i);
    EXPECT_EQ(Total(counts_), 1'900 - i);
  }
}

TEST_F(FailureCountsTest, EntriesOfATargetAreBounded) {
  std::vector<std::unique_ptr<FailureCounts>> queues;
  for (int q = 0; q < 500; ++q) {
    queues.push_back(std::make_unique<FailureCounts>(budget_));
    for (std::int64_t i = 0; i < 1'500; ++i) queues.back()->Add("1", "n", "r", kNow + 2'000 * i);
  }
  EXPECT_LT(budget_.entries, kManyEntriesOfTarget + 500UL * 64);
  for (const auto& queue : queues) ASSERT_EQ(Total(*queue), 1'500);
  queues.clear();
  EXPECT_EQ(budget_.entries, 0u);
  EXPECT_EQ(budget_.pairs, 1u);
  EXPECT_EQ(budget_.job_ids, 0u);
}

TEST_F(FailureCountsTest, JobIdsOfATargetAreBounded) {
  budget_.job_ids = kMaxJobIdsOfTarget - 1;
  counts_.Add("1", "a", "r", kNow);
  counts_.Add("2", "b", "r", kNow);
  const std::vector<FailureCount> read = counts_.Read();
  EXPECT_EQ(read[0].job_ids, std::vector<std::string>{"1"});
  EXPECT_TRUE(read[1].job_ids.empty());
  EXPECT_EQ(read[1].count, 1);
}

TEST_F(FailureCountsTest, HeldBackIsBounded) {
  for (int i = 0; i < 100'000; ++i) {
    counts_.Add("1", "n" + std::to_string(i), "c" + std::to_string(i), kNow);
  }
  EXPECT_EQ(budget_.held_back_reasons, kMaxHeldBackOfQueue);
  EXPECT_EQ(budget_.held_back_pairs, kMaxHeldBackOfQueue);
  EXPECT_EQ(Total(counts_), 100'000);
  EXPECT_LE(counts_.Read().size(), kMaxPairsOfQueue);
}

// Whatever is added in whatever order, the budget always says what the queues have.
TEST_F(FailureCountsTest, TheBudgetIsAlwaysRight) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same in every run
  const auto below = [&random](int limit) {
    return std::uniform_int_distribution(0, limit - 1)(random);
  };
  std::int64_t now = kNow;
  for (int i = 0; i < 30'000; ++i) {
    now += below(20'000);
    counts_.Add(std::to_string(i), "name " + std::to_string(below(40)),
                "class " + std::to_string(below(25)), now - below(60'000));
    if (below(50) == 0) now += kHour;
    if (below(4) == 0) counts_.Slide(now);
    if (i % 1000 != 0) continue;
    const std::vector<FailureCount> read = counts_.Read();
    const bool has_other = PairsOf(counts_).contains({"__other__", "__other__"});
    ASSERT_EQ(budget_.pairs, read.size() + (has_other ? 0 : 1));
    std::size_t ids = 0;
    for (const FailureCount& count : read) ids += count.job_ids.size();
    ASSERT_EQ(budget_.job_ids, ids);
  }
  counts_.Slide(now + 3 * kHour);
  EXPECT_TRUE(counts_.empty());
  EXPECT_EQ(budget_.pairs, 1u);
  EXPECT_EQ(budget_.entries, 0u);
  EXPECT_EQ(budget_.job_ids, 0u);
  EXPECT_EQ(budget_.held_back_reasons, 0u);
  EXPECT_EQ(budget_.held_back_pairs, 0u);
}

}  // namespace
}  // namespace bullmq_exporter
