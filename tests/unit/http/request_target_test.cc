#include "exporter/http/request_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

TEST(RequestTarget, SplitsThePathThenDecodes) {
  struct Row {
    std::string target;
    std::vector<std::string> path;
  };
  const std::vector<Row> rows = {
      {"/", {}},
      {"/a", {"a"}},
      {"/a/b", {"a", "b"}},
      {"/a/", {"a", ""}},
      {"//", {"", ""}},
      {"//a", {"", "a"}},
      {"/a%2Fb/c", {"a/b", "c"}},
      {"/a%2fb", {"a/b"}},
      {"/%00", {std::string(1, '\0')}},
      {"/a%252Fb", {"a%2Fb"}},
      {"/..", {".."}},
      {"/a/../b/.", {"a", "..", "b", "."}},
      {"/%2e%2E/x", {"..", "x"}},
      {"/a+b", {"a+b"}},
      {"/a:b;c=d,e", {"a:b;c=d,e"}},
      {"/%ff\xC3\xA9", {"\xFF\xC3\xA9"}},
      {"/a%3Fb", {"a?b"}},
      {"http://host/a?x", {"a"}},
      {"HTTP://host:1", {}},
      {"http://host?x=1", {}},
  };
  for (const auto& [target, path] : rows) {
    const auto parsed = ParseRequestTarget(target);
    ASSERT_TRUE(parsed.has_value()) << target;
    EXPECT_EQ(parsed.value_or(RequestTarget{}).path, path) << target;
  }
}

TEST(RequestTarget, RefusesOtherForms) {
  for (const std::string target :
       {"", "*", "a", "host:80", "/a%", "/a%2", "/%zz", "/%0g", "ftp://h/"}) {
    EXPECT_FALSE(ParseRequestTarget(target).has_value()) << target;
  }
}

TEST(RequestTarget, ListsTheParameters) {
  struct Row {
    std::string query;
    std::vector<std::pair<std::string, std::string>> parameters;
  };
  const std::vector<Row> rows = {
      {"", {}},
      {"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
      {"a=1&a=2", {{"a", "1"}, {"a", "2"}}},
      {"a", {{"a", ""}}},
      {"=x", {{"", "x"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"&&a=1&", {{"a", "1"}}},
      {"a%3D=%26+%2B", {{"a=", "& +"}}},
      {"a=%&b=%4", {{"a", "%"}, {"b", "%4"}}},
      {"a=/?", {{"a", "/?"}}},
      {"a=%00", {{"a", std::string(1, '\0')}}},
  };
  for (const auto& [query, parameters] : rows) {
    const RequestTarget parsed = ParseRequestTarget("/?" + query).value_or(RequestTarget{});
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& [name, value] : parsed.query) found.emplace_back(name, value);
    EXPECT_EQ(found, parameters) << query;
  }
}

}  // namespace
}  // namespace bullmq_exporter
