#include "exporter/auth/identity.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(IdentityTest, LimitsAreGlobsOfWholeNames) {
  struct Case {
    QueueLimits limits;
    bool sees;
  };
  for (const Case& c : {
           Case{{}, true},
           Case{{{"*"}, {}, {}}, true},
           Case{{{"mail-*"}, {}, {}}, true},
           Case{{{"mail"}, {}, {}}, false},
           Case{{{"other", "mail-?"}, {}, {}}, true},
           Case{{{}, {"main"}, {}}, true},
           Case{{{}, {"mai"}, {}}, false},
           Case{{{}, {}, {"bull"}}, true},
           Case{{{}, {}, {"bull?"}}, false},
           Case{{{"mail-1"}, {"main"}, {"x"}}, false},
           Case{{{"mail-1"}, {"main"}, {"bull"}}, true},
       }) {
    const Identity identity("key", std::make_shared<const QueueLimits>(c.limits));
    EXPECT_EQ(identity.MaySee("main", "bull", "mail-1"), c.sees);
    EXPECT_FALSE(identity.sees_everything());
  }
}

TEST(IdentityTest, WhereAnythingIsSeenDoesNotDependOnNames) {
  const QueueLimits limits{{"mail"}, {"main"}, {"bull"}};
  const Identity identity("key", std::make_shared<const QueueLimits>(limits));
  EXPECT_TRUE(identity.MaySee("main", "bull", std::nullopt));
  EXPECT_FALSE(identity.MaySee("other", "bull", std::nullopt));
  EXPECT_FALSE(identity.MaySee("main", "cow", std::nullopt));
}

TEST(IdentityTest, WithoutLimitsSeesEverything) {
  const Identity identity("user", nullptr);
  EXPECT_TRUE(identity.MaySee("", "", "\xff"));
  EXPECT_TRUE(identity.sees_everything());
  EXPECT_EQ(identity.name(), "user");
}

}  // namespace
}  // namespace bullmq_exporter
