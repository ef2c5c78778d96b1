#include "exporter/inspect/queue_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/inspect/inspection_fixture.h"
#include "tests/unit/inspect/parsed_json.h"

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const char* const kZero =
    R"({"active":0,"completed":0,"failed":0,"delayed":0,"waiting":0,"paused":0})";
const char* const kOneFailed =
    R"({"active":0,"completed":0,"failed":1,"delayed":0,"waiting":0,"paused":0})";

std::string List(const InspectedTargets& targets, const QueueListQuery& query = {}) {
  const auto list = ListQueues(targets, ApiConfig{}, query);
  if (list) return **list;
  return std::to_string(static_cast<int>(list.error().kind)) + " " + list.error().message;
}

std::vector<std::string> Names(const std::string& list) {
  std::vector<std::string> names;
  const auto document = ParsedJson(list);
  for (const auto& queue : document["queues"].GetArray()) {
    std::string name = queue["name"].GetString();
    if (queue.HasMember("redis")) {
      name =
          std::string(queue["redis"].GetString()) + "/" + queue["prefix"].GetString() + "/" + name;
    }
    names.push_back(name);
  }
  return names;
}

TEST(QueueListTest, OneTargetWithOnePrefixHasTheOriginalShape) {
  FakeTarget target("default", {"bull"}, {{"bull", "z"}, {"bull", "b"}});
  target.AddQueue("bull", "c");
  target.Discover({{"bull", "c"}, {"bull", "a"}});
  EXPECT_EQ(List({target.Inspected()}), std::string(R"({"queues":[{"name":"z","counts":)") + kZero +
                                            R"(},{"name":"b","counts":)" + kZero +
                                            R"(},{"name":"a","counts":)" + kZero +
                                            R"(},{"name":"c","counts":)" + kOneFailed + "}]}");
}

TEST(QueueListTest, SeveralPlacesAreNamed) {
  FakeTarget one("one", {"bull", "cow"}, {{"cow", "s"}});
  FakeTarget two("two", {"bull"}, {{"bull", "t"}});
  one.Discover({{"bull", "b"}, {"cow", "a"}, {"cow", "b"}});
  two.Discover({{"bull", "a"}});
  const InspectedTargets targets = {one.Inspected(), two.Inspected()};
  EXPECT_THAT(Names(List(targets)), ElementsAre("one/cow/s", "two/bull/t", "one/cow/a",
                                                "two/bull/a", "one/bull/b", "one/cow/b"));
  EXPECT_THAT(Names(List(targets, {.selection = {"one", {}}})),
              ElementsAre("one/cow/s", "one/cow/a", "one/bull/b", "one/cow/b"));
  EXPECT_THAT(Names(List(targets, {.selection = {{}, "bull"}})),
              ElementsAre("two/bull/t", "two/bull/a", "one/bull/b"));
  EXPECT_EQ(List(targets, {.selection = {"three", {}}}),
            "0 Parameter redis must be one of one, two");
}

TEST(QueueListTest, HiddenQueuesAreAbsent) {
  FakeTarget target("default", {"bull"}, {{"bull", "s"}});
  target.Discover({{"bull", "a"}, {"bull", "b"}});
  const QueueListQuery query{
      .visible = [](std::string_view, std::string_view, std::optional<std::string_view> queue) {
        return !queue || queue == "b";
      }};
  EXPECT_THAT(Names(List({target.Inspected()}, query)), ElementsAre("b"));
}

TEST(QueueListTest, ARedisWhereNothingMayBeSeenIsNotAsked) {
  FakeTarget one("one", {"bull"}, {{"bull", "a"}});
  FakeTarget two("two", {"bull"});
  one.Discover({});
  two.server().FailAll(Error{ErrorCode::kConnect, "refused"});
  const auto only_one = [](std::string_view target, std::string_view,
                           std::optional<std::string_view>) { return target == "one"; };
  const InspectedTargets targets = {one.Inspected(), two.Inspected()};
  EXPECT_THAT(Names(List(targets, {.visible = only_one})), ElementsAre("one/bull/a"));
  EXPECT_THAT(Names(List(targets, {.selection = {"two", {}}, .visible = only_one})), IsEmpty());
  EXPECT_EQ(List(targets, {.selection = {"three", {}}, .visible = only_one}),
            "0 Parameter redis must be one of one, two");
}

// Of a list that leaves queues out nobody can tell whether the others may be read.
TEST(QueueListTest, OnlyAWholeListThatIsForbiddenIsTheFaultOfTheTarget) {
  FakeTarget target("default", {"bull", "cow"});
  target.Discover({{"bull", "a"}, {"cow", "b"}});
  target.server().FailKey("bull:a:wait", "NOPERM user exporter has no permissions");
  const auto only_a = [](std::string_view, std::string_view,
                         std::optional<std::string_view> queue) { return !queue || queue == "a"; };
  EXPECT_THAT(Names(List({target.Inspected()}, {.visible = only_a})),
              ElementsAre("default/bull/a"));
  EXPECT_THAT(Names(List({target.Inspected()}, {.selection = {{}, "bull"}})),
              ElementsAre("default/bull/a"));
  target.server().FailKey("cow:b:wait", "NOPERM user exporter has no permissions");
  EXPECT_EQ(List({target.Inspected()}), "3 Redis default denies access to the keys of every queue");
}

TEST(QueueListTest, AnUnreadableQueueStandsWithItsError) {
  FakeTarget target("default", {"bull"});
  target.Discover({{"bull", "a"}, {"bull", "b"}, {"bull", "c"}});
  target.Run({"SET", "bull:b:wait", "x"});
  target.server().FailKey("bull:c:failed", "NOPERM user exporter has no permissions");
  EXPECT_EQ(List({target.Inspected()}),
            std::string(R"({"queues":[{"name":"a","counts":)") + kZero +
                R"(},{"name":"b","counts":null,"error":"a key has the wrong type"},)"
                R"({"name":"c","counts":null,"error":"access to its keys is denied"}]})");
}

TEST(QueueListTest, NeverAnEmptyListForARedisThatIsDown) {
  FakeTarget target("default", {"bull"});
  EXPECT_EQ(List({target.Inspected()}), "4 Queues of Redis default are not known yet");
  target.Discover({});
  EXPECT_THAT(Names(List({target.Inspected()})), IsEmpty());
  target.server().FailAll(Error{ErrorCode::kTimeout, ""});
  EXPECT_EQ(List({target.Inspected()}), "4 Redis default did not answer in time");
  target.server().FailAll(std::nullopt);
  target.server().SetServerError("BUSY Redis is busy running a script.");
  EXPECT_EQ(List({target.Inspected()}), "4 Redis default is busy running a script");
  target.discovery = false;
  target.snapshot = nullptr;
  target.server().SetServerError("");
  EXPECT_THAT(Names(List({target.Inspected()})), IsEmpty());
}

TEST(QueueListTest, QueuesOfAnEarlierPollAreReadLive) {
  FakeTarget target("default", {"bull"});
  auto down = std::make_shared<Snapshot>();
  down->queues.emplace_back().id = {"bull", "a"};
  target.snapshot = down;
  target.AddQueue("bull", "a");
  EXPECT_EQ(List({target.Inspected()}),
            std::string(R"({"queues":[{"name":"a","counts":)") + kOneFailed + "}]}");
}

TEST(QueueListTest, OddNamesMakeValidJson) {
  FakeTarget target("default", {"bull"});
  target.Discover({{"bull", std::string("\0\n\"\\", 4)},
                   {"bull", "\xff"},
                   {"bull", "é😀"},
                   {"bull", std::string(65536, 'n')}});
  EXPECT_EQ(Names(List({target.Inspected()})).size(), 4u);
}

}  // namespace
}  // namespace bullmq_exporter
