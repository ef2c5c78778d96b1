#include "exporter/inspect/job_json.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "exporter/base/utf8.h"
#include "exporter/inspect/json_scanner.h"
#include "tests/unit/inspect/parsed_json.h"

namespace bullmq_exporter {
namespace {

using namespace std::string_literals;

std::string Written(const Job& job) {
  JsonWriter json;
  WriteJob(json, job);
  return *json.Take();
}

Job WithData(std::string data) {
  Job job;
  job.id = "1";
  job.payload(PayloadField::kData).text = std::move(data);
  return job;
}

// The text of a member of a written job, as it stands there; empty where it is not there.
std::string Member(const Job& job, std::string_view name) {
  const std::string text = Written(job);
  const auto scanned = ScanJson(text, name);
  EXPECT_TRUE(scanned) << text;
  return scanned ? std::string(scanned->member) : "";
}

TEST(JobJsonTest, CountsHaveTheSixKeysInOrder) {
  JsonWriter json;
  WriteJobCounts(json, JobCounts{1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(*json.Take(),
            R"({"active":2,"completed":7,"failed":8,"delayed":3,"waiting":1,"paused":6})");
}

// The example of docs/http-api.md.
TEST(JobJsonTest, AFailedJob) {
  Job job;
  job.id = "1";
  job.name = "initial-import";
  job.state = JobState::kFailed;
  job.timestamp_ms = 1678886400000;
  job.processed_on_ms = 1678886401000;
  job.finished_on_ms = 1678886402000;
  job.attempts_made = 5;
  job.payload(PayloadField::kData).text = R"({"ingestionSourceId":"clx1y2z3a0000b4d2e5f6g7h8"})";
  job.payload(PayloadField::kFailedReason).text = "Error: Connection timed out";
  job.payload(PayloadField::kStacktrace).text = R"(["..."])";
  EXPECT_EQ(Written(job),
            R"({"id":"1","name":"initial-import",)"
            R"("data":{"ingestionSourceId":"clx1y2z3a0000b4d2e5f6g7h8"},"state":"failed",)"
            R"("failedReason":"Error: Connection timed out","timestamp":1678886400000,)"
            R"("processedOn":1678886401000,"finishedOn":1678886402000,"attemptsMade":5,)"
            R"("stacktrace":["..."],"returnValue":null,)"
            R"("ingestionSourceId":"clx1y2z3a0000b4d2e5f6g7h8",)"
            R"("error":"Error: Connection timed out"})");
}

TEST(JobJsonTest, WhatAJobDoesNotHaveIsLeftOut) {
  Job job;
  job.id = "2";
  job.name = "n";
  job.timestamp_ms = 5;
  constexpr const char* kBare = R"({"id":"2","name":"n","data":{},"state":"waiting","timestamp":5,)"
                                R"("attemptsMade":0,"stacktrace":[],"returnValue":null})";
  EXPECT_EQ(Written(job), kBare);
  for (const PayloadField field : kPayloadFields) job.payload(field).text = "";
  EXPECT_EQ(Written(job), kBare);
}

TEST(JobJsonTest, AReasonStaysOnACompletedJobWithoutBecomingItsError) {
  Job job = WithData("{}");
  job.state = JobState::kCompleted;
  job.payload(PayloadField::kFailedReason).text = "first attempt";
  job.payload(PayloadField::kReturnValue).text = R"({"ok":true})";
  EXPECT_EQ(Member(job, "failedReason"), R"("first attempt")");
  EXPECT_EQ(Member(job, "error"), "");
  EXPECT_EQ(Member(job, "returnValue"), R"({"ok":true})");
  job.payload(PayloadField::kFailedReason).text = "null";  // of a thrown non-Error
  job.state = JobState::kFailed;
  EXPECT_EQ(Member(job, "failedReason"), R"("null")");
  EXPECT_EQ(Member(job, "error"), R"("null")");
}

TEST(JobJsonTest, DataIsEmbeddedByteForByte) {
  for (const std::string& data : {
           R"({"b":1.0,"a":12345678901234567890,"c":1e400,"z":[1, 2 ,3]})"s,
           R"([])"s,
           R"("text")"s,
           "null"s,
           "0"s,
           R"({"lone":"\ud800"})"s,
           R"({"a":1,"a":2})"s,
           "{\"x\":\"\x7fé😀\"}"s,
           " {\n} "s,
           R"({"__proto__":{}})"s,
       }) {
    const Job job = WithData(data);
    const std::string text = Written(job);
    EXPECT_NE(text.find("\"data\":" + data + ",\"state\""), std::string::npos) << text;
    EXPECT_EQ(Member(job, "unparsed"), "");
  }
}

TEST(JobJsonTest, WhatIsNoJsonIsText) {
  struct Case {
    std::string data;
    std::string shown;
  };
  std::string deep(kMaxJsonDepth + 1, '[');
  deep += std::string(kMaxJsonDepth + 1, ']');
  for (const Case& c : {
           Case{"not json", R"("not json")"},
           Case{"{}\0{}"s, R"("{}\u0000{}")"},
           Case{"\xEF\xBB\xBF{}", "\"\xEF\xBB\xBF{}\""},
           Case{"{\"a\":1} x\n", R"("{\"a\":1} x\n")"},
           Case{"\xff{", "\"\xEF\xBF\xBD{\""},
           Case{deep, "\"" + deep + "\""},
       }) {
    Job job = WithData(c.data);
    EXPECT_EQ(Member(job, "data"), c.shown);
    EXPECT_EQ(Member(job, "unparsed"), R"(["data"])");
    EXPECT_EQ(Member(job, "ingestionSourceId"), "");
    ParsedJson(Written(job));
    job.payload(PayloadField::kReturnValue).text = c.data;
    EXPECT_EQ(Member(job, "returnValue"), c.shown);
    EXPECT_EQ(Member(job, "unparsed"), R"(["data","returnValue"])");
    job.payload(PayloadField::kData).text = "{}";
    EXPECT_EQ(Member(job, "unparsed"), R"(["returnValue"])");
  }
}

// As Node reads the reply before it parses it.
TEST(JobJsonTest, InvalidUtf8WithinJsonIsReplaced) {
  const Job job = WithData("{\"a\":\"x\xff\",\"ingestionSourceId\":\"\xc3\"}");
  EXPECT_EQ(Member(job, "data"),
            "{\"a\":\"x\xEF\xBF\xBD\",\"ingestionSourceId\":\"\xEF\xBF\xBD\"}");
  EXPECT_EQ(Member(job, "ingestionSourceId"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(Member(job, "unparsed"), "");
  ParsedJson(Written(job));
}

TEST(JobJsonTest, TheSourceIsWhateverDataSays) {
  EXPECT_EQ(Member(WithData(R"({"ingestionSourceId":{"a": [1]}})"), "ingestionSourceId"),
            R"({"a": [1]})");
  EXPECT_EQ(Member(WithData(R"({"ingestionSourceId":null})"), "ingestionSourceId"), "null");
  EXPECT_EQ(Member(WithData(R"([{"ingestionSourceId":1}])"), "ingestionSourceId"), "");
}

TEST(JobJsonTest, AStackTraceIsAnArray) {
  Job job = WithData("{}");
  for (const auto& [stored, shown] :
       {std::pair{R"(["a","b\n"])"s, R"(["a","b\n"])"s}, std::pair{"[null]"s, "[null]"s},
        std::pair{"{}"s, "[]"s}, std::pair{"\"text\""s, "[]"s}, std::pair{"broken"s, "[]"s},
        std::pair{"[1"s, "[]"s}, std::pair{"null"s, "[]"s}}) {
    job.payload(PayloadField::kStacktrace).text = stored;
    EXPECT_EQ(Member(job, "stacktrace"), shown);
    EXPECT_EQ(Member(job, "unparsed"), "");
  }
}

TEST(JobJsonTest, WhatWasWithheldIsNamedWithItsBytes) {
  Job job = WithData("{}");
  job.state = JobState::kFailed;
  job.payload(PayloadField::kData) = {std::nullopt, 50000013};
  job.payload(PayloadField::kStacktrace) = {std::nullopt, 7};
  EXPECT_EQ(Member(job, "data"), "null");
  EXPECT_EQ(Member(job, "stacktrace"), "[]");
  EXPECT_EQ(Member(job, "truncated"), R"({"data":50000013,"stacktrace":7})");
  EXPECT_EQ(Member(job, "unparsed"), "");
  job.payload(PayloadField::kReturnValue) = {std::nullopt, 8};
  job.payload(PayloadField::kFailedReason) = {std::nullopt, 9};
  EXPECT_EQ(Member(job, "returnValue"), "null");
  EXPECT_EQ(Member(job, "failedReason"), "null");
  EXPECT_EQ(Member(job, "error"), "null");
  EXPECT_EQ(Member(job, "truncated"),
            R"({"data":50000013,"returnValue":8,"failedReason":9,"stacktrace":7})");
}

TEST(JobJsonTest, IdsKeepTheirBytesApartAndTextIsReadable) {
  Job job = WithData("{}");
  job.id = "a\xff\n\"";
  job.name = "n\xff";
  job.payload(PayloadField::kFailedReason).text = "r\xff\0"s;
  EXPECT_EQ(Member(job, "id"), R"("a\\xFF\n\"")");
  EXPECT_EQ(Member(job, "name"), "\"n\xEF\xBF\xBD\"");
  EXPECT_EQ(Member(job, "failedReason"), "\"r\xEF\xBF\xBD\\u0000\"");
}

// Whatever a job holds, the text is JSON with the members that it must have.
TEST(JobJsonTest, AnyBytesMakeValidJson) {
  std::mt19937 random(20260103);
  const std::vector<std::string> pieces = {"{",
                                           "}",
                                           "[",
                                           "]",
                                           ",",
                                           ":",
                                           "\"",
                                           "\\",
                                           "\\u",
                                           "d800",
                                           "\"a\":",
                                           "\"ingestionSourceId\":",
                                           "1",
                                           "null",
                                           "\0"s,
                                           "\xff",
                                           "\xc3",
                                           "\xa9",
                                           "\xed\xa0\x80",
                                           "\xEF\xBB\xBF",
                                           "\n",
                                           "é",
                                           "😀",
                                           "{}",
                                           "[]",
                                           "{\"ingestionSourceId\":\"x\"}",
                                           "\"\\ud83d\"",
                                           "</script>",
                                           "\x7f",
                                           "\x01"};
  const auto any = [&] {
    std::string text;
    const std::size_t count = random() % 7;
    for (std::size_t i = 0; i < count; ++i) text += pieces[random() % pieces.size()];
    return text;
  };
  int unparsed = 0;
  for (int round = 0; round < 100000; ++round) {
    Job job;
    job.id = any();
    job.name = any();
    job.state = kJobStates[random() % kJobStates.size()];
    for (const PayloadField field : kPayloadFields) {
      const auto kind = random() % 8;
      if (kind == 0) continue;
      if (kind == 1)
        job.payload(field).withheld_bytes = static_cast<std::int64_t>(1 + random() % 1000);
      else
        job.payload(field).text = any();
    }
    const std::string text = Written(job);
    ASSERT_TRUE(IsValidUtf8(text));
    ASSERT_EQ(text.find('\0'), std::string::npos);
    const auto scanned = ScanJson(text, "attemptsMade");
    ASSERT_TRUE(scanned) << text;
    ASSERT_EQ(scanned->member, "0") << text;
    // RapidJSON knows no lone surrogates.
    std::string paired = text;
    for (std::size_t at = 0; (at = paired.find("\\ud8", at)) != std::string::npos; ++at) {
      paired.replace(at, 4, "\\u00");
    }
    for (std::size_t at = 0; (at = paired.find("\\ud83d", at)) != std::string::npos; ++at) {
      paired.replace(at, 6, "\\u0041");
    }
    const auto document = ParsedJson(paired);
    ASSERT_TRUE(document.IsObject() && document.HasMember("stacktrace") &&
                document["stacktrace"].IsArray())
        << text;
    unparsed += document.HasMember("unparsed") ? 1 : 0;
  }
  EXPECT_GT(unparsed, 1000);
}

}  // namespace
}  // namespace bullmq_exporter
