#include "exporter/redis/reply.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

Reply Text(Reply::Type type, std::string text) {
  Reply reply;
  reply.type = type;
  reply.text = std::move(text);
  return reply;
}

TEST(ReplyTest, AsIntegerTakesWholeDecimalNumbersOnly) {
  const auto number = [](std::string text) {
    return Text(Reply::Type::kString, std::move(text)).AsInteger();
  };
  EXPECT_EQ(number("-12"), -12);
  EXPECT_EQ(number("9007199254740991"), 9007199254740991);
  EXPECT_EQ(number(""), std::nullopt);
  EXPECT_EQ(number("12a"), std::nullopt);
  EXPECT_EQ(number("1.5"), std::nullopt);
  EXPECT_EQ(number("99999999999999999999"), std::nullopt);
  EXPECT_EQ(Reply{}.AsInteger(), std::nullopt);
}

TEST(ReplyTest, ErrorsAreToldApart) {
  struct Case {
    const char* text;
    ErrorCode code;
    bool whole_server;
  };
  for (const Case& c : {
           Case{"NOPERM this user has no permissions", ErrorCode::kNoPermission, false},
           Case{"WRONGTYPE Operation against a key", ErrorCode::kWrongType, false},
           Case{"NOAUTH Authentication required.", ErrorCode::kAuth, true},
           Case{"WRONGPASS invalid username-password pair", ErrorCode::kAuth, true},
           Case{"LOADING Redis is loading the dataset in memory", ErrorCode::kLoading, true},
           Case{"BUSY Redis is busy running a script.", ErrorCode::kBusy, true},
           Case{"BUSYGROUP Consumer Group name already exists", ErrorCode::kOther, false},
           Case{"MASTERDOWN Link with MASTER is down", ErrorCode::kReadonlyBrokenLink, true},
           Case{"ERR max number of clients reached", ErrorCode::kMaxClients, true},
           Case{"ERR DB index is out of range", ErrorCode::kDatabase, true},
           Case{"CLUSTERDOWN Hash slot not served", ErrorCode::kClusterDown, true},
           Case{"MOVED 3999 127.0.0.1:6381", ErrorCode::kClusterDown, true},
           Case{"ERR unknown command", ErrorCode::kOther, false},
       }) {
    const Reply reply = Text(Reply::Type::kError, c.text);
    EXPECT_EQ(ErrorOf(reply).code, c.code) << c.text;
    EXPECT_EQ(IsServerError(reply), c.whole_server) << c.text;
  }
  EXPECT_FALSE(IsServerError(Text(Reply::Type::kString, "LOADING ")));
}

}  // namespace
}  // namespace bullmq_exporter
