#include "exporter/inspect/inspection_error.h"

#include <gtest/gtest.h>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

using Kind = InspectionError::Kind;

TEST(InspectionErrorTest, NamesTheQueue) {
  EXPECT_EQ(QueueNotFound("ingestion").message, "Queue ingestion not found");
  EXPECT_EQ(QueueNotFound("ingestion").kind, Kind::kNotFound);
  EXPECT_EQ(QueueNotFound("a\xff").message, "Queue a\\xFF not found");
  const auto unreadable = QueueUnreadable("a", {ErrorCode::kWrongType, ""});
  EXPECT_EQ(unreadable.kind, Kind::kUnreadable);
  EXPECT_EQ(unreadable.message, "Queue a cannot be read: a key has the wrong type");
}

// What Redis or the network said may hold addresses, users and keys: none of it is repeated.
TEST(InspectionErrorTest, RepeatsNothingOfTheCause) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kOther); ++code) {
    const Error error{static_cast<ErrorCode>(code), "10.0.0.7:6379 user=topsecret"};
    for (const InspectionError& told :
         {QueueUnreadable("q", error), RedisUnavailable("main\xff", error)}) {
      EXPECT_EQ(told.message.find("topsecret"), std::string::npos);
      EXPECT_EQ(told.message.find("10.0.0.7"), std::string::npos);
      EXPECT_TRUE(IsValidUtf8(told.message));
    }
    EXPECT_TRUE(RedisUnavailable("main", error).message.starts_with("Redis main "));
    EXPECT_EQ(RedisUnavailable("main", error).kind, Kind::kUnavailable);
  }
}

TEST(InspectionErrorTest, TellsTheCause) {
  struct Case {
    ErrorCode code;
    const char* message;
  };
  for (const Case& c : {
           Case{ErrorCode::kTimeout, "Redis main did not answer in time"},
           Case{ErrorCode::kLoading, "Redis main is loading its data"},
           Case{ErrorCode::kBusy, "Redis main is busy running a script"},
           Case{ErrorCode::kReadonlyBrokenLink, "Redis main is a replica without its master"},
           Case{ErrorCode::kAuth, "Redis main does not let us in"},
           Case{ErrorCode::kConnect, "Redis main cannot be reached"},
       }) {
    EXPECT_EQ(RedisUnavailable("main", {c.code, ""}).message, c.message);
  }
}

}  // namespace
}  // namespace bullmq_exporter
