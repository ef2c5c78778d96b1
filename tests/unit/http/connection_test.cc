#include "exporter/http/connection.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

#include "exporter/base/file_descriptor.h"

namespace bullmq_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    client_ = FileDescriptor(ends[0]);
    server_ = FileDescriptor(ends[1]);
  }

  void Say(const std::string& text) {
    ASSERT_EQ(::send(client_.get(), text.data(), text.size(), 0),
              static_cast<ssize_t>(text.size()));
  }

  std::string Heard() {
    std::string heard(1 << 16, '\0');
    const ssize_t count = ::recv(client_.get(), heard.data(), heard.size(), 0);
    heard.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return heard;
  }

  static ConnectionLimits Limits() {
    ConnectionLimits limits;
    limits.idle = limits.head = limits.write = milliseconds(50);
    limits.head_bytes = 100;
    return limits;
  }

  FileDescriptor client_;
  FileDescriptor server_;
};

using Head = Connection::Head;

TEST_F(ConnectionTest, ReadsHeadAfterHead) {
  Connection connection(server_.get(), Limits());
  Say("GET /1 HTTP/1.1\r\nA: b\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3");
  ASSERT_EQ(connection.ReadHead(), Head::kComplete);
  EXPECT_EQ(connection.head(), "GET /1 HTTP/1.1\r\nA: b\r\n\r\n");
  ASSERT_EQ(connection.ReadHead(), Head::kComplete);
  EXPECT_EQ(connection.head(), "GET /2 HTTP/1.1\r\n\r\n");
  EXPECT_EQ(connection.ReadHead(), Head::kDeadline);
}

TEST_F(ConnectionTest, JudgesWhatItReads) {
  struct Row {
    std::string text;
    Head head;
  };
  const std::vector<Row> rows = {
      {"", Head::kClosed},
      {"G", Head::kDeadline},
      {"GET /\r\n", Head::kDeadline},
      {"\r\nGET /\r\n\r\n", Head::kComplete},
      {"\r\n\r\nGET /\r\n\r\n", Head::kMalformed},
      {"\nGET /\r\n\r\n", Head::kMalformed},
      {"GET /\n\n", Head::kMalformed},
      {"GET /\r\nA: b\n\r\n", Head::kMalformed},
      {std::string(96, 'a') + "\r\n\r\n", Head::kComplete},
      {std::string(101, 'a'), Head::kTooLarge},
      {std::string(100, 'a'), Head::kDeadline},
  };
  for (const auto& [text, head] : rows) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    client_ = FileDescriptor(ends[0]);
    server_ = FileDescriptor(ends[1]);
    Connection connection(server_.get(), Limits());
    Say(text);
    EXPECT_EQ(connection.ReadHead(), head) << text;
  }
}

TEST_F(ConnectionTest, AnEndIsAnEnd) {
  ConnectionLimits limits = Limits();
  limits.idle = limits.head = seconds(10);
  Connection connection(server_.get(), limits);
  Say("GET / HTT");
  ::shutdown(client_.get(), SHUT_WR);
  EXPECT_EQ(connection.ReadHead(), Head::kClosed);
}

TEST_F(ConnectionTest, GathersSmallPiecesUntilTheyAreFlushed) {
  Connection connection(server_.get(), Limits());
  connection.BeginResponse();
  EXPECT_TRUE(connection.Write("a"));
  EXPECT_TRUE(connection.Write("b"));
  EXPECT_EQ(Heard(), "");
  EXPECT_TRUE(connection.Flush());
  EXPECT_EQ(Heard(), "ab");
  EXPECT_TRUE(connection.Write("c"));
  EXPECT_TRUE(connection.Write(std::string(20'000, 'd')));
  EXPECT_EQ(Heard(), "c" + std::string(20'000, 'd'));
}

TEST_F(ConnectionTest, AResponseThatIsNotReadEndsAtItsDeadline) {
  Connection connection(server_.get(), Limits());
  connection.BeginResponse();
  EXPECT_TRUE(connection.writable());
  std::string large;
  large.resize(20'000'000, 'x');
  EXPECT_FALSE(connection.Write(large));
  EXPECT_TRUE(connection.write_timed_out());
  EXPECT_FALSE(connection.writable());
  EXPECT_FALSE(connection.Write("more"));
  EXPECT_FALSE(connection.Flush());
}

TEST_F(ConnectionTest, AClientThatHasGoneIsNoTimeout) {
  Connection connection(server_.get(), Limits());
  client_.Reset();
  EXPECT_FALSE(connection.Write(std::string(20'000, 'x')) && connection.Flush());
  EXPECT_FALSE(connection.write_timed_out());
}

TEST_F(ConnectionTest, LingersUntilTheClientHasEnded) {
  Connection connection(server_.get(), Limits());
  Say(std::string(50'000, 'x'));
  ::shutdown(client_.get(), SHUT_WR);
  connection.Linger();
  std::array<char, 1> rest{};
  EXPECT_EQ(::recv(server_.get(), rest.data(), 1, 0), 0);
  EXPECT_EQ(::recv(client_.get(), rest.data(), 1, 0), 0);
}

}  // namespace
}  // namespace bullmq_exporter
