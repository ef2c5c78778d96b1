#include "exporter/http/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "exporter/http/listening_socket.h"
#include "tests/unit/http/test_server.h"

namespace bullmq_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

TEST(Probe, SaysTheStatus) {
  TestServer server([](const HttpRequest& request) {
    HttpResponse response;
    response.status = request.target == "/-/ready?x=1" ? 503 : 200;
    response.body = std::string(1'000'000, 'x');
    return response;
  });
  const std::string origin = "http://" + server.server().address();
  EXPECT_EQ(Probe(origin + "/-/healthy", seconds(10)).value(), 200);
  EXPECT_EQ(Probe(origin + "/-/ready?x=1", seconds(10)).value(), 503);
  EXPECT_EQ(Probe(origin, seconds(10)).value(), 200);
}

TEST(Probe, RefusesWhatIsNoUrl) {
  for (const std::string url : {"", "127.0.0.1:9538", "ftp://h/", "http://", "http:///x",
                                "http://a b/", "http://user:secret@h/", "http://h/\r\nX: y"}) {
    const auto status = Probe(url, seconds(1));
    ASSERT_FALSE(status.has_value()) << url;
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument) << url;
  }
}

TEST(Probe, NothingListens) {
  std::string address = ListenOn("127.0.0.1:0").value().address;
  const auto status = Probe("http://" + address + "/", seconds(10));
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kConnect);
  EXPECT_THAT(status.error().message, HasSubstr(address));
}

TEST(Probe, EndsAtItsDeadlineWhateverDrips) {
  const auto socket = ListenOn("127.0.0.1:0");
  std::atomic<bool> done{false};
  std::thread dripping([&] {
    FileDescriptor client;
    while (!done && !client.valid()) {
      client = FileDescriptor(::accept(socket->fd.get(), nullptr, nullptr));
      std::this_thread::sleep_for(milliseconds(1));
    }
    while (!done) {
      ::send(client.get(), "H", 1, MSG_NOSIGNAL);
      std::this_thread::sleep_for(milliseconds(20));
    }
  });
  const auto begun = std::chrono::steady_clock::now();
  const auto status = Probe("http://" + socket->address + "/", milliseconds(300));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(5));
  done = true;
  dripping.join();
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kTimeout);
}

TEST(Probe, WhatIsNoHttp) {
  const auto socket = ListenOn("127.0.0.1:0");
  std::atomic<bool> done{false};
  std::thread talking([&] {
    while (!done) {
      const FileDescriptor client(::accept(socket->fd.get(), nullptr, nullptr));
      if (client.valid()) ::send(client.get(), "-ERR nonsense\r\n\r\n", 17, MSG_NOSIGNAL);
      std::this_thread::sleep_for(milliseconds(1));
    }
  });
  const auto status = Probe("http://" + socket->address + "/", seconds(10));
  done = true;
  talking.join();
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kProtocol);
}

}  // namespace
}  // namespace bullmq_exporter
