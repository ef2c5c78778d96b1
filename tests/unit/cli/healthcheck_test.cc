#include "exporter/cli/healthcheck.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace bullmq_exporter {
namespace {

using ::testing::HasSubstr;

TEST(HealthcheckTest, AsksTheMachineItself) {
  const struct {
    const char* listen_address;
    const char* url;
  } cases[] = {
      {":9538", "http://127.0.0.1:9538/-/healthy"},
      {"0.0.0.0:1", "http://127.0.0.1:1/-/healthy"},
      {"[::]:1", "http://[::1]:1/-/healthy"},
      {"10.0.0.5:1", "http://10.0.0.5:1/-/healthy"},
      {"localhost:1", "http://localhost:1/-/healthy"},
  };
  for (const auto& c : cases) EXPECT_EQ(HealthcheckUrl(c.listen_address).value(), c.url);
  EXPECT_EQ(HealthcheckUrl(":0").error().message,
            "the port of :0 is known to the running exporter alone; say --url");
}

TEST(HealthcheckTest, WrongUseIsTwoAndNoAnswerIsOne) {
  std::ostringstream err;
  EXPECT_EQ(Healthcheck({}, {{"web.listen-address", {":0"}}}, {}, err), 2);
  EXPECT_EQ(Healthcheck({}, {{"poll.interval", {"x"}}}, {}, err), 2);
  EXPECT_EQ(Healthcheck({{"url", {"nonsense"}}}, {}, {}, err), 2);
  err.str("");
  // Port 1 of the loopback: nobody listens there.
  EXPECT_EQ(Healthcheck({}, {}, {{"BULLMQ_EXPORTER_WEB_LISTEN_ADDRESS", "127.0.0.1:1"}}, err), 1);
  EXPECT_THAT(err.str(), HasSubstr("http://127.0.0.1:1/-/healthy: "));
}

}  // namespace
}  // namespace bullmq_exporter
