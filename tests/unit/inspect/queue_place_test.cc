#include "exporter/inspect/queue_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/inspect/inspection_fixture.h"

namespace bullmq_exporter {
namespace {

using Kind = InspectionError::Kind;

class QueuePlaceTest : public testing::Test {
 protected:
  [[nodiscard]] InspectedTargets Targets() { return {first_.Inspected(), second_.Inspected()}; }

  // "target prefix name", or the message.
  std::string Find(std::string_view name, const QueueSelection& selection = {},
                   const QueueVisibility& visible = nullptr) {
    const InspectedTargets targets = Targets();
    const auto place =
        FindQueue(targets, name, selection, visible, SteadyClock::now() + std::chrono::minutes(1));
    if (!place) {
      kind_ = place.error().kind;
      return place.error().message;
    }
    return place->target->name + " " + place->id.prefix + " " + place->id.name;
  }

  FakeTarget first_{"one", {"bull", "bull:x"}, {{"bull", "fixed"}}, {"secret*"}};
  FakeTarget second_{"two", {"bull"}};
  Kind kind_ = Kind::kUnavailable;
};

TEST_F(QueuePlaceTest, FindsConfiguredKnownAndNewbornQueues) {
  second_.Discover({{"bull", "a"}, {"bull", "b"}, {"bull", "c"}});
  EXPECT_EQ(Find("fixed"), "one bull fixed");
  EXPECT_EQ(Find("a"), "two bull a");
  EXPECT_EQ(Find("b"), "two bull b");
  EXPECT_EQ(Find("c"), "two bull c");
  EXPECT_EQ(first_.server().exchanges() + second_.server().exchanges(), 0u);
  EXPECT_EQ(Find("new"), "Queue new not found");
  EXPECT_EQ(kind_, Kind::kNotFound);
  first_.AddQueue("bull:x", "new");
  EXPECT_EQ(Find("new"), "one bull:x new");
}

TEST_F(QueuePlaceTest, ExcludedAndHiddenQueuesDoNotExist) {
  first_.AddQueue("bull", "secret-1");
  EXPECT_EQ(Find("secret-1"), "Queue secret-1 not found");
  second_.Discover({{"bull", "a"}});
  const auto hide = [](std::string_view target, std::string_view,
                       std::optional<std::string_view> queue) { return !queue || target != "two"; };
  EXPECT_EQ(Find("a", {}, hide), "Queue a not found");
  EXPECT_GT(second_.server().exchanges(), 0u);  // the time must not tell them from unknown ones
  EXPECT_EQ(Find("fixed", {}, hide), "one bull fixed");
}

TEST_F(QueuePlaceTest, WithoutDiscoveryOnlyConfiguredQueuesExist) {
  first_.discovery = false;
  first_.AddQueue("bull", "new");
  EXPECT_EQ(Find("new"), "Queue new not found");
  EXPECT_EQ(Find("fixed"), "one bull fixed");
}

TEST_F(QueuePlaceTest, TheLongestPrefixWins) {
  first_.AddQueue("bull:x", "q");
  EXPECT_EQ(Find("q"), "one bull:x q");
  EXPECT_EQ(Find("x:q"), "Queue x:q not found");
}

TEST_F(QueuePlaceTest, ANameInSeveralPlacesNeedsASelection) {
  first_.Discover({{"bull", "q"}, {"bull:x", "q"}});
  second_.Discover({{"bull", "q"}});
  EXPECT_EQ(Find("q"),
            "Queue q stands in several places: redis=one prefix=bull; redis=one prefix=bull:x; "
            "redis=two prefix=bull. Select one with the parameters redis and prefix");
  EXPECT_EQ(kind_, Kind::kAmbiguous);
  EXPECT_EQ(Find("q", {"one", {}}),
            "Queue q stands in several places: redis=one prefix=bull; redis=one prefix=bull:x. "
            "Select one with the parameters redis and prefix");
  EXPECT_EQ(Find("q", {"one", "bull:x"}), "one bull:x q");
  EXPECT_EQ(Find("q", {"two", {}}), "two bull q");
  EXPECT_EQ(Find("q", {{}, "bull:x"}), "one bull:x q");
  // Of those that may be seen there is but one.
  EXPECT_EQ(Find("q", {},
                 [](std::string_view target, std::string_view, std::optional<std::string_view>) {
                   return target == "two";
                 }),
            "two bull q");
}

TEST_F(QueuePlaceTest, ASelectionMustBeConfigured) {
  EXPECT_EQ(Find("fixed", {"three", {}}), "Parameter redis must be one of one, two");
  EXPECT_EQ(kind_, Kind::kBadRequest);
  EXPECT_EQ(Find("fixed", {{}, "cow"}), "Parameter prefix must be one of bull, bull:x");
  EXPECT_EQ(Find("fixed", {"two", "bull:x"}), "Parameter prefix must be one of bull");
  EXPECT_EQ(Find("fixed", {"", {}}), "Parameter redis must be one of one, two");
}

TEST_F(QueuePlaceTest, ARedisThatIsDownIsNoMissingQueue) {
  second_.server().FailAll(Error{ErrorCode::kConnect, "refused by 10.0.0.7"});
  EXPECT_EQ(Find("new"), "Redis two cannot be reached");
  EXPECT_EQ(kind_, Kind::kUnavailable);
  first_.AddQueue("bull", "new");
  EXPECT_EQ(Find("new"), "one bull new");
  EXPECT_EQ(Find("secret-1", {"two", {}}), "Redis two cannot be reached");
}

TEST_F(QueuePlaceTest, ARedisWhereNothingMayBeSeenIsNotAsked) {
  second_.Discover({{"bull", "a"}});
  second_.server().FailAll(Error{ErrorCode::kConnect, "refused"});
  const auto only_one = [](std::string_view target, std::string_view,
                           std::optional<std::string_view>) { return target == "one"; };
  for (const char* name : {"a", "new"}) {
    EXPECT_EQ(Find(name, {}, only_one), "Queue " + std::string(name) + " not found");
    EXPECT_EQ(Find(name, {"two", {}}, only_one), "Queue " + std::string(name) + " not found");
  }
  EXPECT_EQ(second_.server().exchanges(), 0u);
}

TEST_F(QueuePlaceTest, PlacesAreShownWhereThereAreSeveral) {
  EXPECT_TRUE(HasSeveralPlaces(Targets()));
  EXPECT_TRUE(HasSeveralPlaces({first_.Inspected()}));
  EXPECT_FALSE(HasSeveralPlaces({second_.Inspected()}));
}

}  // namespace
}  // namespace bullmq_exporter
