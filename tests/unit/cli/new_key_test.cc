#include "exporter/cli/new_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

#include "exporter/auth/api_keys.h"
#include "exporter/base/read_file.h"

namespace bullmq_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kNow = 1800000000000;

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome NewKeyOf(const FlagValues& flags) {
  std::ostringstream out, err;
  const int code = NewKeyCommand(flags, kNow, out, err);
  return {code, out.str(), err.str()};
}

TEST(NewKeyCommandTest, ThePrintedEntryLetsThePrintedKeyIn) {
  const Outcome outcome =
      NewKeyOf({{"name", {"oncall"}}, {"permission", {"manage:all,x:y"}}, {"expires", {"90d"}}});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto keys = ApiKeys::Parse("keys:\n" + outcome.err, "f.yaml");
  ASSERT_TRUE(keys.has_value()) << keys.error().message;
  const ApiKey* found = keys->Find(outcome.out.substr(0, outcome.out.size() - 1), kNow);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, "oncall");
  EXPECT_THAT(found->permissions, ElementsAre("manage:all", "x:y"));
  EXPECT_EQ(found->expires_ms, kNow + 90LL * 86400000);
}

TEST(NewKeyCommandTest, AppendsToAFile) {
  std::string folder = (std::filesystem::temp_directory_path() / "new_key_XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string file = folder + "/keys.yaml";
  const Outcome first = NewKeyOf({{"name", {"a"}}, {"keys-file", {file}}});
  const Outcome second = NewKeyOf({{"name", {"b"}}, {"keys-file", {file}}});
  const Outcome twice = NewKeyOf({{"name", {"b"}}, {"keys-file", {file}}});
  const auto keys = ApiKeys::Parse(ReadFile(file, 10000).value(), file);
  std::filesystem::remove_all(folder);
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(twice.code, 2);
  EXPECT_EQ(twice.out, "");
  ASSERT_TRUE(keys.has_value());
  EXPECT_EQ(keys->keys().size(), 2u);
  EXPECT_NE(keys->Find(second.out.substr(0, second.out.size() - 1), kNow), nullptr);
}

TEST(NewKeyCommandTest, WrongUse) {
  EXPECT_EQ(NewKeyOf({}).code, 2);
  EXPECT_EQ(NewKeyOf({}).err,
            "bullmq_exporter: new-key needs to know who the key is for: --name NAME\n");
  const Outcome expires = NewKeyOf({{"name", {"a"}}, {"expires", {"soon"}}});
  EXPECT_EQ(expires.code, 2);
  EXPECT_THAT(expires.err, HasSubstr("--expires: \"soon\" is not a duration"));
  EXPECT_EQ(NewKeyOf({{"name", {"a"}}, {"expires", {"0s"}}}).code, 2);
  EXPECT_EQ(NewKeyOf({{"name", {"a"}}, {"permission", {""}}}).code, 2);
  const Outcome folder = NewKeyOf({{"name", {"a"}}, {"keys-file", {"/nonexistent/keys.yaml"}}});
  EXPECT_EQ(folder.code, 1);
  EXPECT_EQ(folder.out, "");
}

}  // namespace
}  // namespace bullmq_exporter
