#include "exporter/failures/failure_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "exporter/failures/known_failures.h"

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kStart = 1'800'000'000'000;
constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kPoll = 5'000;

// A queue's `failed` set in Redis, and a poller that reads it as failure_window.h says.
class FailedSet {
 public:
  void Add(std::string id, std::int64_t score_ms) { Insert({score_ms, std::move(id)}); }

  void Remove(const std::string& id) {
    std::erase_if(members_, [&id](const Member& member) { return member.second == id; });
  }

  // Reads at most `limit` ids at the server's time `now_ms`; returns how many failures were new.
  int Poll(FailureWindow& window, std::int64_t now_ms, std::size_t limit = 1'000'000) {
    const auto from = std::lower_bound(members_.begin(), members_.end(),
                                       Member{window.ReadFromMs(now_ms), std::string()});
    bool complete = static_cast<std::size_t>(members_.end() - from) <= limit;
    std::vector<Member> unknown;
    for (auto it = members_.end(); it != from && limit > 0; --limit) {
      --it;
      if (!window.Knows(it->second, it->first)) unknown.push_back(*it);
    }
    if (unknown.size() > window.Room()) {
      unknown.resize(window.Room());
      complete = false;
    }
    std::optional<std::int64_t> in_range;
    if (const std::optional<ScoreRange> range = window.RangeToCount(complete, now_ms)) {
      in_range = CountIn(*range);
    }
    int added = 0;
    for (const Member& member : unknown) {
      const bool fits = window.Add({.id = member.second,
                                    .finished_on_ms = member.first,
                                    .name = "import",
                                    .reason = "timed out after 5 s"},
                                   now_ms);
      added += fits ? 1 : 0;
      complete = complete && fits;
    }
    window.EndRead(complete, in_range, now_ms);
    return added;
  }

 private:
  using Member = std::pair<std::int64_t, std::string>;

  void Insert(const Member& member) {
    members_.insert(std::upper_bound(members_.begin(), members_.end(), member), member);
  }

  [[nodiscard]] std::int64_t CountIn(const ScoreRange& range) const {
    return std::count_if(members_.begin(), members_.end(), [&range](const Member& member) {
      return member.first >= range.begin_ms && member.first < range.end_ms;
    });
  }

  std::vector<Member> members_;  // sorted by score
};

std::int64_t Recent(FailureWindow& window, std::int64_t now_ms) {
  const std::shared_ptr<const QueueFailures> read = window.Read(now_ms);
  std::int64_t total = 0;
  if (read) {
    for (const FailureCount& count : read->recent) total += count.count;
  }
  return total;
}

class FailureWindowTest : public testing::Test {
 protected:
  FailureBudget budget_{FailuresConfig{}, kStart, 1000};
  FailureWindow window_{budget_};
  FailedSet failed_;
};

TEST_F(FailureWindowTest, NothingFailedYet) {
  EXPECT_EQ(window_.ReadFromMs(kStart), kStart - kHour);
  EXPECT_EQ(failed_.Poll(window_, kStart), 0);
  EXPECT_EQ(window_.Read(kStart), nullptr);
  EXPECT_EQ(window_.ReadFromMs(kStart + kPoll), kStart - kFailureOverlapMs);
  EXPECT_EQ(budget_.pairs, 0u);
}

TEST_F(FailureWindowTest, IsSmallWhileNothingHasFailed) { EXPECT_LE(sizeof(FailureWindow), 64u); }

TEST_F(FailureWindowTest, IsRightFromTheFirstRead) {
  failed_.Add("too old", kStart - kHour - 1);
  failed_.Add("a", kStart - kHour);
  failed_.Add("b", kStart - 1);
  EXPECT_EQ(failed_.Poll(window_, kStart), 2);
  const std::shared_ptr<const QueueFailures> read = window_.Read(kStart);
  ASSERT_NE(read, nullptr);
  ASSERT_EQ(read->recent.size(), 1u);
  EXPECT_EQ(read->recent[0].name, "import");
  EXPECT_EQ(read->recent[0].reason, "timed out after <n> s");
  EXPECT_EQ(read->recent[0].count, 2);
  EXPECT_EQ(read->recent[0].job_ids, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(read->last_failure_ms, kStart - 1);
  EXPECT_EQ(read->seen_total, 0) << "they failed before the exporter started";
  EXPECT_EQ(read->skipped, 0);
}

TEST_F(FailureWindowTest, TheTotalBeginsAtZeroAndCountsWhatFailsAfterTheStart) {
  failed_.Add("before", kStart - 1);
  failed_.Add("after", kStart + 1);  // before the first read, but after the start
  failed_.Poll(window_, kStart + 2'000);
  EXPECT_EQ(window_.Read(kStart + 2'000)->seen_total, 1);
  failed_.Add("worker's clock is behind", kStart - 50'000);
  failed_.Poll(window_, kStart + 7'000);
  EXPECT_EQ(window_.Read(kStart + 7'000)->seen_total, 2);
  EXPECT_EQ(Recent(window_, kStart + 4 * kHour), 0);
  EXPECT_EQ(window_.Read(kStart + 4 * kHour)->seen_total, 2) << "a total never falls";
}

TEST_F(FailureWindowTest, TwentyThreeInOneMillisecond) {
  for (int i = 0; i < 11; ++i) failed_.Add("a" + std::to_string(i), kStart + 100);
  failed_.Poll(window_, kStart + 100);
  for (int i = 0; i < 12; ++i) failed_.Add("b" + std::to_string(i), kStart + 100);
  failed_.Poll(window_, kStart + kPoll);
  failed_.Poll(window_, kStart + 2 * kPoll);
  EXPECT_EQ(Recent(window_, kStart + 2 * kPoll), 23);
}

TEST_F(FailureWindowTest, ARetryThatFailsAgainIsAnotherFailure) {
  failed_.Add("1", kStart + 1);
  failed_.Poll(window_, kStart + kPoll);
  failed_.Remove("1");
  failed_.Add("1", kStart + 7'000);
  failed_.Poll(window_, kStart + 2 * kPoll);
  EXPECT_EQ(Recent(window_, kStart + 2 * kPoll), 2);
}

TEST_F(FailureWindowTest, ARetriedJobStaysUntilItsTime) {
  failed_.Add("1", kStart + 1);
  failed_.Poll(window_, kStart + kPoll);
  failed_.Remove("1");
  failed_.Poll(window_, kStart + 2 * kPoll);
  EXPECT_EQ(Recent(window_, kStart + 1 + kHour), 1);
  EXPECT_EQ(Recent(window_, kStart + 2 + kHour), 0);
}

// Workers whose clocks are off by up to a minute either way, jobs that fail in bursts and one by
// one, polls every five seconds, of which some fail: each failure is counted exactly once.
TEST_F(FailureWindowTest, WorkersClocksThatAreOffByAMinuteLoseNothing) {
  constexpr std::int64_t kOffsets[] = {-60'000, -59'999, -30'000, -5'000, -1,
                                       0,       1,       5'000,   30'000, 60'000};
  std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same in every run
  const auto below = [&random](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  std::int64_t failures = 0;
  std::int64_t added = 0;
  std::int64_t next_poll = kStart;
  for (std::int64_t now = kStart; now < kStart + 1'200'000;
       now += 1 + static_cast<std::int64_t>(below(400))) {
    for (; next_poll <= now; next_poll += kPoll) {
      if (below(10) != 0) added += failed_.Poll(window_, next_poll);
    }
    const std::int64_t offset = kOffsets[below(std::size(kOffsets))];
    const auto latency = static_cast<std::int64_t>(
        below(200));  // between the worker's look at its clock and its write
    const int burst = below(20) == 0 ? 23 : 1;
    for (int i = 0; i < burst; ++i) {
      failed_.Add(std::to_string(failures++), now + offset - latency);
    }
  }
  added += failed_.Poll(window_, next_poll);
  EXPECT_EQ(added, failures);
  EXPECT_EQ(Recent(window_, next_poll), failures);
  EXPECT_EQ(window_.Read(next_poll)->skipped, 0);
  EXPECT_EQ(failed_.Poll(window_, next_poll + kPoll), 0);
}

// Each worker alone: nobody else's scores make the reader look where it would not have looked.
TEST_F(FailureWindowTest, ALoneWorkerWithAWrongClockLosesNothing) {
  for (const std::int64_t offset : {-60'000, -20'000, 0, 20'000, 60'000}) {
    FailureWindow window(budget_);
    FailedSet failed;
    int added = 0;
    for (std::int64_t i = 0; i < 100; ++i) {
      const std::int64_t now = kStart + i * kPoll;
      added += failed.Poll(window, now);
      failed.Add(std::to_string(i), now + 1 + offset);
    }
    added += failed.Poll(window, kStart + 100 * kPoll);
    EXPECT_EQ(added, 100) << offset;
  }
}

TEST_F(FailureWindowTest, AFailureInTheFutureHappenedWhenItWasMet) {
  failed_.Add("1", kStart + 8'760 * kHour);
  failed_.Poll(window_, kStart);
  EXPECT_EQ(window_.Read(kStart)->last_failure_ms, kStart);
  failed_.Poll(window_, kStart + kHour + 1);
  EXPECT_EQ(Recent(window_, kStart + kHour + 1), 0);
}

TEST_F(FailureWindowTest, ReadsOnAfterAnOutage) {
  failed_.Poll(window_, kStart);
  for (std::int64_t i = 0; i < 60; ++i) failed_.Add(std::to_string(i), kStart + i * 10'000);
  EXPECT_EQ(failed_.Poll(window_, kStart + 600'000), 60);
  EXPECT_EQ(failed_.Poll(window_, kStart + 605'000), 0);
}

TEST_F(FailureWindowTest, AnOutageLongerThanTheWindowReadsTheWindow) {
  failed_.Poll(window_, kStart);
  EXPECT_EQ(window_.ReadFromMs(kStart + 5 * kHour), kStart + 4 * kHour);
}

TEST_F(FailureWindowTest, AServersClockThatIsSetBackCountsNothingTwice) {
  for (std::int64_t i = 0; i < 120; ++i) failed_.Add(std::to_string(i), kStart + i * 1'000);
  EXPECT_EQ(failed_.Poll(window_, kStart + 120'000), 120);
  EXPECT_EQ(failed_.Poll(window_, kStart + 90'000), 0);
  failed_.Add("new", kStart + 91'000);
  EXPECT_EQ(failed_.Poll(window_, kStart + 95'000), 1);
}

TEST_F(FailureWindowTest, AWindowShorterThanTheOverlapStillMeetsLateClocks) {
  FailureBudget budget(FailuresConfig{.window = std::chrono::seconds(10)}, kStart, 1000);
  FailureWindow window(budget);
  failed_.Poll(window, kStart);
  failed_.Add("1", kStart + 1 - 60'000);
  failed_.Add("2", kStart + 1);
  EXPECT_EQ(failed_.Poll(window, kStart + kPoll), 2);
  EXPECT_EQ(window.Read(kStart + kPoll)->seen_total, 2);
  EXPECT_EQ(Recent(window, kStart + kPoll), 1)
      << "the other finished before the window by its score";
}

TEST_F(FailureWindowTest, TheSameObjectWhileNothingChanges) {
  failed_.Add("1", kStart);
  failed_.Poll(window_, kStart);
  const std::shared_ptr<const QueueFailures> read = window_.Read(kStart);
  failed_.Poll(window_, kStart + kPoll);
  EXPECT_EQ(window_.Read(kStart + kPoll), read);
  failed_.Add("2", kStart + 1);
  failed_.Poll(window_, kStart + 2 * kPoll);
  EXPECT_NE(window_.Read(kStart + 2 * kPoll), read);
}

TEST_F(FailureWindowTest, GoesBackToNothingButItsTotals) {
  failed_.Add("1", kStart + 1);
  failed_.Poll(window_, kStart + kPoll);
  for (std::int64_t now = kStart + 2 * kPoll; now < kStart + 3 * kHour; now += 60'000) {
    failed_.Poll(window_, now);
    EXPECT_LE(Recent(window_, now), 1);
  }
  const std::shared_ptr<const QueueFailures> read = window_.Read(kStart + 3 * kHour);
  ASSERT_NE(read, nullptr);
  EXPECT_TRUE(read->recent.empty());
  EXPECT_EQ(read->last_failure_ms, kStart + 1);
  EXPECT_EQ(read->seen_total, 1);
  EXPECT_EQ(budget_.pairs, 0u);
  EXPECT_EQ(budget_.known, 0u);
  EXPECT_EQ(budget_.entries, 0u);
  EXPECT_EQ(budget_.job_ids, 0u);
}

TEST_F(FailureWindowTest, WithoutReasonsNoReasonIsKept) {
  FailureBudget budget(FailuresConfig{.reasons = false}, kStart, 1000);
  FailureWindow window(budget);
  failed_.Add("1", kStart);
  failed_.Poll(window, kStart);
  EXPECT_EQ(window.Read(kStart)->recent.at(0).reason, "");
}

TEST_F(FailureWindowTest, NotesALastFailureThatIsLongAgo) {
  window_.NoteLastFailure(kStart - 100 * kHour, kStart);
  ASSERT_NE(window_.Read(kStart), nullptr);
  EXPECT_EQ(window_.Read(kStart)->last_failure_ms, kStart - 100 * kHour);
  window_.NoteLastFailure(kStart - 200 * kHour, kStart);
  EXPECT_EQ(window_.Read(kStart)->last_failure_ms, kStart - 100 * kHour);
}

// A hundred failures a second against reads of a hundred ids every five seconds: a sample is
// counted, and what was skipped is known exactly once it can no longer be read.
TEST_F(FailureWindowTest, AFloodIsSampledAndTheRestIsCounted) {
  std::int64_t failures = 0;
  std::int64_t added = failed_.Poll(window_, kStart, 100);
  std::int64_t now = kStart;
  for (int poll = 0; poll < 10; ++poll) {
    for (std::int64_t i = 0; i < 500; ++i) failed_.Add(std::to_string(failures++), now + 10 * i);
    now += kPoll;
    added += failed_.Poll(window_, now, 100);
  }
  EXPECT_EQ(added, 1'000);
  for (int poll = 0; poll < 60; ++poll) added += failed_.Poll(window_, now += kPoll, 100);
  const std::shared_ptr<const QueueFailures> read = window_.Read(now);
  EXPECT_EQ(Recent(window_, now), added);
  EXPECT_EQ(read->skipped, failures - added);
  EXPECT_EQ(read->seen_total, added);
  EXPECT_FALSE(window_.RangeToCount(true, now + kPoll).has_value()) << "all is complete again";
  EXPECT_EQ(window_.Read(now + kHour)->skipped, 0) << "it leaves the window too";
}

TEST_F(FailureWindowTest, AFirstReadThatIsNotCompleteCountsTheRest) {
  for (std::int64_t i = 0; i < 3'000; ++i)
    failed_.Add(std::to_string(i), kStart - kHour + i * 1'000);
  EXPECT_EQ(failed_.Poll(window_, kStart, 500), 500);
  EXPECT_EQ(window_.Read(kStart)->skipped, 2'500);
  EXPECT_EQ(Recent(window_, kStart), 500);
}

TEST_F(FailureWindowTest, WithoutRoomNothingIsAdded) {
  budget_.known = kMaxKnownOfTarget - 3;
  EXPECT_EQ(window_.Room(), 3u);
  for (int i = 0; i < 10; ++i) failed_.Add(std::to_string(i), kStart - 100'000);
  EXPECT_EQ(failed_.Poll(window_, kStart), 3);
  EXPECT_EQ(window_.Read(kStart)->skipped, 7);
}

TEST_F(FailureWindowTest, MovesWithWhatItKnows) {
  failed_.Add("1", kStart + 1);
  failed_.Poll(window_, kStart + kPoll);
  std::vector<FailureWindow> windows;
  windows.push_back(std::move(window_));
  EXPECT_TRUE(windows[0].Knows("1", kStart + 1));
  windows.emplace_back(budget_);
  windows.erase(windows.begin());
  EXPECT_FALSE(windows[0].Knows("1", kStart + 1));
  EXPECT_EQ(budget_.known, 0u);
  EXPECT_EQ(budget_.pairs, 0u);
}

TEST_F(FailureWindowTest, MemoryIsBoundedWhateverComes) {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same in every run
  std::int64_t now = kStart;
  for (int i = 0; i < 200'000; ++i) {
    const std::string id = std::to_string(i);
    if (i % 1'000 == 0) {
      window_.EndRead(false, 5'000, now);
      EXPECT_LE(window_.Read(now)->recent.size(), kMaxPairsOfQueue);
      now += 1'000;
    }
    const std::string name = std::string(random() % 3'000, 'n') + id;
    const std::string reason = "reason " + std::string(random() % 100, 'r') + " " + id;
    window_.Add({.id = id, .finished_on_ms = now, .name = name, .reason = reason}, now);
  }
  EXPECT_LE(budget_.known, kMaxKnownOfQueue);
  EXPECT_LE(budget_.pairs, kMaxPairsOfQueue);
  EXPECT_LE(budget_.entries, 4'200u);
  EXPECT_LE(window_.Read(now)->recent.size(), kMaxPairsOfQueue);
}

}  // namespace
}  // namespace bullmq_exporter
