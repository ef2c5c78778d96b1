#pragma once

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <string_view>

namespace bullmq_exporter {

// What a parser of others makes of our JSON; a test failure where it is none.
inline rapidjson::Document ParsedJson(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(
      text.data(), text.size());
  EXPECT_FALSE(document.HasParseError()) << text;
  EXPECT_EQ(text.find('\0'), std::string_view::npos) << "RapidJSON stops at a NUL";
  return document;
}

}  // namespace bullmq_exporter
