#include "exporter/http/listening_socket.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

namespace bullmq_exporter {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ListeningSocket, SaysWhatWasBound) {
  const auto socket = ListenOn("127.0.0.1:0");
  ASSERT_TRUE(socket.has_value());
  EXPECT_THAT(socket->address, StartsWith("127.0.0.1:"));
  EXPECT_NE(socket->address, "127.0.0.1:0");
}

TEST(ListeningSocket, AnyAddressTakesClientsOfIpv4) {
  const auto socket = ListenOn(":0");
  ASSERT_TRUE(socket.has_value());
  EXPECT_THAT(socket->address, AnyOf(StartsWith("[::]:"), StartsWith("0.0.0.0:")));
  const FileDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(
      std::stoi(socket->address.substr(socket->address.rfind(':') + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  const FileDescriptor accepted(
      ::accept(socket->fd.get(), reinterpret_cast<sockaddr*>(&peer), &size));
  ASSERT_TRUE(accepted.valid());
  EXPECT_EQ(IpAddressText(peer), "127.0.0.1");
}

TEST(ListeningSocket, FailsWithTheAddressAndTheCause) {
  const auto taken = ListenOn("127.0.0.1:0");
  ASSERT_TRUE(taken.has_value());
  const auto again = ListenOn(taken->address);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kIo);
  EXPECT_EQ(again.error().message,
            "cannot listen on " + taken->address + ": Address already in use");
  const auto foreign = ListenOn("192.0.2.1:0");  // of no machine
  ASSERT_FALSE(foreign.has_value());
  EXPECT_EQ(foreign.error().code, ErrorCode::kIo);
  const auto nonsense = ListenOn("nonsense");
  ASSERT_FALSE(nonsense.has_value());
  EXPECT_EQ(nonsense.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(nonsense.error().message, HasSubstr("nonsense"));
}

TEST(ListeningSocket, WritesAddresses) {
  sockaddr_storage address{};
  address.ss_family = AF_INET6;
  auto& ipv6 = reinterpret_cast<sockaddr_in6&>(address);
  ::inet_pton(AF_INET6, "fd00::1", &ipv6.sin6_addr);
  EXPECT_EQ(IpAddressText(address), "fd00::1");
  ::inet_pton(AF_INET6, "::ffff:10.0.0.7", &ipv6.sin6_addr);
  EXPECT_EQ(IpAddressText(address), "10.0.0.7");
}

}  // namespace
}  // namespace bullmq_exporter
