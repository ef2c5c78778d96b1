#include "exporter/http/routes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace bullmq_exporter {
namespace {

TEST(Routes, EachPatternStandsOnceOnItsListener) {
  std::set<std::pair<ListenerKind, std::string>> seen;
  for (const HttpRoute& route : Routes()) {
    for (const std::string_view pattern : {route.pattern, route.alias}) {
      if (pattern.empty()) continue;
      EXPECT_EQ(pattern.front(), '/') << pattern;
      EXPECT_TRUE(seen.emplace(route.listener, pattern).second) << pattern;
    }
    EXPECT_NE(route.handler, nullptr) << route.pattern;
  }
}

TEST(Routes, OfTheApiOnlyThePageAndTheDocumentArePublic) {
  for (const HttpRoute& route : Routes()) {
    const bool open = route.listener == ListenerKind::kTelemetry || route.pattern == "/" ||
                      route.pattern == "/openapi.yaml";
    EXPECT_EQ(route.access == Access::kPublic, open) << route.pattern;
  }
}

}  // namespace
}  // namespace bullmq_exporter
