#include "exporter/auth/api_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::int64_t kNowMs = 1'700'000'000'000;

std::string Digest(std::string_view key) { return Sha256Hex(key); }

TEST(ApiKeysTest, FindsKeysByTheirBytes) {
  const auto keys = ApiKeys::Parse(
      "keys:\n"
      "  - {name: oncall, sha256: " +
          Digest("one") +
          ", permissions: [\"manage:all\"]}\n"
          "  - name: limited\n"
          "    sha256: " +
          Digest("two") +
          "\n"
          "    permissions: []\n"
          "    expires: 2023-11-14T22:13:21Z\n"  // a second after kNowMs
          "    queues: [a, \"b*\"]\n"
          "    redis: [main]\n"
          "    prefixes: [bull]\n",
      "keys.yaml");
  ASSERT_TRUE(keys) << keys.error().message;
  const ApiKey* oncall = keys->Find("one", kNowMs);
  ASSERT_NE(oncall, nullptr);
  EXPECT_EQ(oncall->name, "oncall");
  EXPECT_THAT(oncall->permissions, ElementsAre("manage:all"));
  EXPECT_EQ(oncall->limits, nullptr);

  const ApiKey* limited = keys->Find("two", kNowMs);
  ASSERT_NE(limited, nullptr);
  EXPECT_THAT(limited->limits->queues, ElementsAre("a", "b*"));
  EXPECT_THAT(limited->limits->targets, ElementsAre("main"));
  EXPECT_THAT(limited->limits->prefixes, ElementsAre("bull"));
  EXPECT_NE(keys->Find("two", kNowMs + 999), nullptr);
  EXPECT_EQ(keys->Find("two", kNowMs + 1000), nullptr);

  for (const std::string& sent : {std::string(), std::string("three"), Digest("one"),
                                  std::string("one "), std::string("one\0", 4)}) {
    EXPECT_EQ(keys->Find(sent, kNowMs), nullptr) << sent;
  }
}

TEST(ApiKeysTest, DigestsMayBeInUpperCase) {
  std::string digest = Digest("one");
  for (char& c : digest) c = static_cast<char>(std::toupper(c));
  const auto keys =
      ApiKeys::Parse("keys: [{name: a, sha256: " + digest + ", permissions: []}]", "k");
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_NE(keys->Find("one", kNowMs), nullptr);
}

TEST(ApiKeysTest, NoKeysIsAFile) {
  const auto keys = ApiKeys::Parse("keys: []", "k");
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ(keys->Find("", kNowMs), nullptr);
}

TEST(ApiKeysTest, FaultsNameTheirPlace) {
  const std::string digest = Digest("one");
  struct Case {
    std::string text;
    std::string starts;
    std::string has;
  };
  for (const Case& c : {
           Case{"", "k.yaml:1:1:", "keys: is missing"},
           Case{"keys", "k.yaml:1:1:", "needs a mapping"},
           Case{"keys:", "k.yaml:1:1:", "needs a list"},
           Case{"keys: {a: b}", "k.yaml:1:7:", "needs a list"},
           Case{"keys: [", "k.yaml:", ""},
           Case{"keys: []\nkey: []", "k.yaml:2:1:", "unknown key \"key\""},
           Case{"keys: [a]", "k.yaml:1:8:", "needs a mapping"},
           Case{"keys: [{name: a, sha256: " + digest + "}]",
                "k.yaml:1:8:", "keys[0].permissions: is missing"},
           Case{"keys: [{sha256: " + digest + ", permissions: []}]",
                "k.yaml:1:8:", "keys[0].name: is missing"},
           Case{"keys: [{name: '', sha256: " + digest + ", permissions: []}]",
                "k.yaml:1:15:", "keys[0].name: must not be empty"},
           Case{"keys: [{name: a, permissions: []}]", "k.yaml:1:8:", "keys[0].sha256: is missing"},
           Case{"keys:\n  - name: a\n    sha256: abc\n    permissions: []\n",
                "k.yaml:3:13:", "keys[0].sha256: needs 64 hex digits"},
           Case{"keys: [{name: a, sha256: [" + digest + "], permissions: []}]",
                "k.yaml:1:26:", "needs 64 hex digits"},
           Case{"keys: [{name: a, sha256: " + digest + ", permissions: x}]",
                "k.yaml:1:105:", "keys[0].permissions: needs a list"},
           Case{"keys: [{name: a, sha256: " + digest + ", permissions: [], expires: soon}]",
                "k.yaml:", "keys[0].expires: needs a time such as 2027-01-01T00:00:00Z"},
           Case{"keys: [{name: a, sha256: " + digest + ", permissions: [], queues: []}]",
                "k.yaml:", "keys[0].queues: needs at least one pattern"},
           Case{"keys: [{name: a, sha256: " + digest + ", permissions: [], queue: [x]}]",
                "k.yaml:", "unknown key \"queue\""},
           Case{"keys:\n- {name: a, sha256: " + digest +
                    ", permissions: []}\n- {name: a, sha256: " + Digest("two") +
                    ", permissions: []}\n",
                "k.yaml:3:3:", "keys[1].name: \"a\" stands twice"},
           Case{"keys:\n- {name: a, sha256: " + digest +
                    ", permissions: []}\n- {name: b, sha256: " + digest + ", permissions: []}\n",
                "k.yaml:3:3:", "keys[1].sha256: another entry has the same key"},
           Case{"keys: [{name: \"\xff\", sha256: " + digest + ", permissions: []}]", "k.yaml:", ""},
       }) {
    const auto keys = ApiKeys::Parse(c.text, "k.yaml");
    ASSERT_FALSE(keys) << c.text;
    EXPECT_EQ(keys.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(keys.error().message, StartsWith(c.starts)) << c.text;
    EXPECT_THAT(keys.error().message, HasSubstr(c.has)) << c.text;
  }
}

TEST(ApiKeysTest, EveryFaultIsTold) {
  const auto keys = ApiKeys::Parse("keys:\n- {name: a}\n- {nam: b}\n", "k");
  ASSERT_FALSE(keys);
  EXPECT_THAT(keys.error().message, HasSubstr("k:2:3: keys[0].sha256: is missing\n"));
  EXPECT_THAT(keys.error().message, HasSubstr("k:3:3: keys[1].name: is missing\n"));
}

// Somebody who puts the key itself into the file, or names another file of secrets, must not find
// them in the log.
TEST(ApiKeysTest, SecretsInAWrongPlaceAreNotRepeated) {
  for (const char* text : {"keys: [{name: a, sha256: bmx_topsecret, permissions: []}]",
                           "keys: [{name: a, sha256: {bmx_topsecret: x}, permissions: []}]",
                           "keys: [{name: a, sha256: [bmx_topsecret], permissions: []}]",
                           "keys: [bmx_topsecret]", "keys: bmx_topsecret", "topsecret"}) {
    const auto keys = ApiKeys::Parse(text, "k");
    ASSERT_FALSE(keys);
    EXPECT_THAT(keys.error().message, Not(HasSubstr("topsecret")));
  }
}

}  // namespace
}  // namespace bullmq_exporter
