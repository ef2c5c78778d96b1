#include "exporter/redis/dial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <chrono>
#include <cstring>

#include "tests/support/scripted_server.h"

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

SocketAddress Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof address);
  result.size = sizeof address;
  return result;
}

std::uint16_t PeerPort(const FileDescriptor& descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getpeername(descriptor.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

class DialTest : public testing::Test {
 protected:
  DialTest() : listener_(ListenOnFreePort(16, good_)) {
    const FileDescriptor closed_at_once = ListenOnFreePort(16, refused_);
  }

  std::uint16_t good_ = 0;
  std::uint16_t refused_ = 0;
  FileDescriptor listener_;
};

TEST_F(DialTest, TakesTheFirstAddressThatAnswers) {
  const BlackHole silent;
  const std::vector<std::vector<std::uint16_t>> lists = {
      {good_},
      {good_, refused_},
      {refused_, good_},
      {silent.port(), good_},
      {refused_, silent.port(), refused_, good_}};
  for (const auto& ports : lists) {
    std::vector<SocketAddress> addresses;
    for (const std::uint16_t port : ports) addresses.push_back(Loopback(port));
    const auto connected = DialTcp(addresses, SteadyClock::now() + 60s);
    ASSERT_TRUE(connected) << connected.error().message;
    EXPECT_EQ(PeerPort(*connected), good_);
  }
}

TEST_F(DialTest, SaysWhoRefused) {
  const auto refused = DialTcp({Loopback(refused_), Loopback(refused_)}, SteadyClock::now() + 60s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConnect);
  EXPECT_EQ(refused.error().message, "Connection refused (127.0.0.1)");
}

TEST_F(DialTest, EndsAtItsDeadline) {
  const BlackHole silent;
  const auto connected = DialTcp({Loopback(silent.port())}, SteadyClock::now() + 50ms);
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, ErrorCode::kTimeout);
}

TEST(DialUnixTest, NamesTheCause) {
  const auto absent = DialUnix("/nonexistent/redis.sock");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::kConnect);
  EXPECT_THAT(absent.error().message, HasSubstr("No such file"));
  const auto too_long = DialUnix("/" + std::string(200, 'x'));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ErrorCode::kConnect);
}

}  // namespace
}  // namespace bullmq_exporter
