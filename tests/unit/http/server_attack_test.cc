// Hostile clients against the real server, each bounded in count and time, on the loopback
// interface.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <ctime>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "exporter/http/server.h"
#include "tests/unit/http/raw_client.h"
#include "tests/unit/http/test_server.h"

namespace bullmq_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsMeasured = false;  // the sanitizers keep what was freed
#else
constexpr bool kMemoryIsMeasured = true;
#endif

std::size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * 4096;
}

void ExpectResidentBelow(std::size_t bytes) {
  const std::size_t resident = ResidentBytes();
  EXPECT_TRUE(!kMemoryIsMeasured || resident < bytes) << resident << " bytes, not below " << bytes;
}

double CpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// As many descriptors as the system allows: a test is both ends of each connection.
class ManyDescriptors {
 public:
  ManyDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit most = before_;
    most.rlim_cur = std::min<rlim_t>(most.rlim_max, 65536);
    ::setrlimit(RLIMIT_NOFILE, &most);
  }
  ~ManyDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// Counts what its handler sees: a smuggled request would be one too many.
class AttackedServer : public TestServer {
 public:
  explicit AttackedServer(HttpServerConfig config = Config())
      : TestServer(
            [this](const HttpRequest& request) {
              ++handled_;
              if (request.path == std::vector<std::string>{"smuggled"}) ++smuggled_;
              return Echo(request);
            },
            std::move(config)) {}

  [[nodiscard]] bool Answers(const std::string& from = "127.0.0.1") const {
    return RawClient(port(), from).Get("/scrape").status == 200;
  }
  [[nodiscard]] int handled() const { return handled_; }
  [[nodiscard]] int smuggled() const { return smuggled_; }

 private:
  std::atomic<int> handled_{0};
  std::atomic<int> smuggled_{0};
};

// Sends a byte to each of its clients in turn until it is destroyed.
class Drip {
 public:
  Drip(std::uint16_t port, int clients, int per_address) {
    for (int i = 0; i < clients; ++i) {
      clients_.push_back(
          std::make_unique<RawClient>(port, "127.0.0." + std::to_string(2 + i / per_address)));
    }
    thread_ = std::thread([this] {
      const std::string text = "GET /metrics HTTP/1.1\r\nX: " + std::string(100'000, 'x');
      for (std::size_t at = 0; !done_ && at < text.size(); ++at) {
        for (const auto& client : clients_) {
          // One that the server has cut stays cut: a client that comes again is another test.
          ::send(client->fd(), &text[at], 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        std::this_thread::sleep_for(milliseconds(10));
      }
    });
  }
  ~Drip() {
    done_ = true;
    thread_.join();
  }

 private:
  std::vector<std::unique_ptr<RawClient>> clients_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

TEST(HttpServerAttack, FortyClientsThatDripDelayNobody) {
  HttpServerConfig config = TestServer::Config();
  config.limits.head = seconds(60);
  AttackedServer server(config);
  const Drip drip(server.port(), 40, 40);
  ASSERT_TRUE(Eventually([&] { return server.server().connections() == 40; }));
  RawClient scraper(server.port());
  for (int i = 0; i < 50; ++i) ASSERT_EQ(scraper.Get("/metrics").status, 200);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(server.Answers());
  EXPECT_TRUE(Eventually([&] { return server.server().connections() == 41; }));
  EXPECT_EQ(server.rejected("deadline"), 0u);
}

TEST(HttpServerAttack, FiveHundredSlowClientsAreFreedByTheirDeadline) {
  const ManyDescriptors many;
  AttackedServer server;
  ASSERT_TRUE(server.Answers());
  const std::size_t before = ResidentBytes();
  const Drip drip(server.port(), 500, 60);
  ASSERT_TRUE(Eventually([&] { return server.server().connections() >= 400; }));
  ASSERT_TRUE(server.Answers());
  ExpectResidentBelow(before + (20u << 20));
  EXPECT_TRUE(Eventually([&] { return server.server().connections() == 0; }));
  EXPECT_EQ(server.rejected("deadline"), 500u);
  EXPECT_TRUE(server.Answers());
}

TEST(HttpServerAttack, ClientsThatSayNothingAreFreed) {
  HttpServerConfig config = TestServer::Config();
  config.limits.idle = milliseconds(100);
  AttackedServer server(config);
  RawClient silent(server.port());
  RawClient kept(server.port());
  EXPECT_EQ(kept.Get("/").status, 200);
  EXPECT_TRUE(silent.IsClosed());
  EXPECT_TRUE(kept.IsClosed());
  EXPECT_EQ(silent.unread(), "");
  EXPECT_EQ(server.rejected("deadline"), 0u);
}

TEST(HttpServerAttack, AHeadThatDoesNotEndIsAnswered408) {
  HttpServerConfig config = TestServer::Config();
  config.limits.head = milliseconds(100);
  AttackedServer server(config);
  RawClient client(server.port());
  client.Send("GET / HTTP/1.1\r\nHost: h\r\n");
  const RawResponse response = client.Receive();
  EXPECT_EQ(response.status, 408);
  EXPECT_TRUE(response.Has("Connection: close"));
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(server.handled(), 0);
}

TEST(HttpServerAttack, ConnectionsFromAnAddressAreBounded) {
  HttpServerConfig config = TestServer::Config();
  config.max_connections_per_address = 4;
  AttackedServer server(config);
  std::vector<RawClient> clients;
  for (int i = 0; i < 4; ++i) clients.emplace_back(server.port(), "127.0.0.2");
  ASSERT_TRUE(Eventually([&] { return server.server().connections() == 4; }));
  RawClient fifth(server.port(), "127.0.0.2");
  EXPECT_EQ(fifth.Receive().status, 503);
  EXPECT_TRUE(fifth.IsClosed());
  EXPECT_EQ(server.rejected("per_address"), 1u);
  EXPECT_TRUE(server.Answers("127.0.0.3"));
  clients.pop_back();
  EXPECT_TRUE(Eventually([&] { return server.Answers("127.0.0.2"); }));
  EXPECT_EQ(clients[0].Get("/").status, 200);
}

TEST(HttpServerAttack, ConnectionsInAllAreBounded) {
  HttpServerConfig config = TestServer::Config();
  config.max_connections = 3;
  AttackedServer server(config);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i)
    clients.emplace_back(server.port(), "127.0.0." + std::to_string(2 + i));
  ASSERT_TRUE(Eventually([&] { return server.server().connections() == 3; }));
  EXPECT_EQ(RawClient(server.port(), "127.0.0.9").Receive().status, 503);
  EXPECT_EQ(server.rejected("connections"), 1u);
  clients.clear();
  EXPECT_TRUE(Eventually([&] { return server.Answers(); }));
}

// What makes a head too large, bit by bit, each up to the point where the server says so.
TEST(HttpServerAttack, EndlessHeadsAreCut) {
  AttackedServer server;
  ASSERT_TRUE(server.Answers());
  const int handled = server.handled();
  const std::size_t before = ResidentBytes();
  std::string many_headers = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 500'000; ++i) many_headers += "a: b\r\n";
  for (const std::string& head : {
           std::string(3'000'000, 'a'),
           "GET /" + std::string(3'000'000, 'a'),
           "GET / HTTP/1.1\r\nA: " + std::string(3'000'000, 'a'),
           "GET / HTTP/1.1\r\n" + std::string(3'000'000, 'a'),
           many_headers,
       }) {
    RawClient client(server.port());
    client.Send(head);
    const RawResponse response = client.Receive();
    EXPECT_THAT(response.status, AnyOf(431, 0)) << head.substr(0, 20);  // 0: reset while it sent
    EXPECT_TRUE(client.IsClosed());
  }
  EXPECT_EQ(server.rejected("header"), 5u);
  EXPECT_EQ(server.handled(), handled);
  ExpectResidentBelow(before + many_headers.size() + (16u << 20));
}

TEST(HttpServerAttack, ALargeHeadWithinTheBoundsIsServed) {
  AttackedServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.Get("/", "Authorization: Bearer " + std::string(15'000, 'a') + "\r\n").status,
            200);
  EXPECT_EQ(client.Get("/", "Authorization: Bearer " + std::string(17'000, 'a') + "\r\n").status,
            431);
  EXPECT_TRUE(client.IsClosed());
}

// The handler sees one request at most, the connection ends, and what stands in a body is no
// request.
TEST(HttpServerAttack, BodiesAreNeverRequests) {
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string length = std::to_string(smuggled.size());
  struct Row {
    std::string request;
    int status;
  };
  const std::vector<Row> rows = {
      {"GET / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n" + smuggled, 200},
      {"HEAD / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n" + smuggled, 200},
      {"POST / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n" + smuggled, 200},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 200},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n" + smuggled, 200},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + smuggled,
       200},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n" + smuggled, 200},
      {"GET / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: " + length + "\r\n\r\n" +
           smuggled,
       200},
      {"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: " + length + "\r\n\r\n" +
           smuggled,
       200},
      {"GET / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
           smuggled,
       400},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: " + length + "\r\n\r\n" +
           smuggled,
       400},
      {"GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: " + length + "\r\n\r\n" + smuggled,
       400},
      {"GET / HTTP/1.1\r\nContent-Length: 0x0\r\n\r\n" + smuggled, 400},
      {"GET / HTTP/1.1\r\nContent-Length : 0\r\n\r\n" + smuggled, 400},
      {"GET / HTTP/1.1\r\nA: b\r\n Content-Length: 3\r\n\r\n" + smuggled, 400},
      {"GET / HTTP/1.1\nContent-Length: 0\n\n" + smuggled, 400},
      {"GET / HTTP/1.1\r\nA: b\n\r\n" + smuggled, 400},
      {"GET / HTTP/1.1\r\nA: b\rGET /smuggled HTTP/1.1\r\n\r\n" + smuggled, 400},
      {"BREW / HTTP/1.1\r\n\r\n" + smuggled, 400},
      {"GET http:///a b HTTP/1.1\r\n\r\n" + smuggled, 400},
      {"GET /%zz HTTP/1.1\r\n\r\n" + smuggled, 400},
      {"\r\n\r\nGET / HTTP/1.1\r\n\r\n" + smuggled, 400},
      {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12) + smuggled, 400},
  };
  AttackedServer server;
  for (const auto& [request, status] : rows) {
    RawClient client(server.port());
    client.Send(request);
    const RawResponse response = client.Receive(request.starts_with("HEAD"));
    EXPECT_EQ(response.status, status) << request;
    EXPECT_TRUE(response.Has("Connection: close")) << request;
    EXPECT_TRUE(client.IsClosed()) << request;
    EXPECT_THAT(client.unread(), Not(HasSubstr("HTTP/1.1"))) << request;
  }
  EXPECT_EQ(server.smuggled(), 0);
}

TEST(HttpServerAttack, AFloodOfChunksIsNotRead) {
  AttackedServer server;
  ASSERT_TRUE(server.Answers());
  const std::size_t before = ResidentBytes();
  RawClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "1\r\na\r\n";
  // It is cut after a bounded number of bytes, whatever the client has still to say.
  bool cut = false;
  for (int i = 0; i < 10'000 && !cut; ++i) cut = !client.Send(chunks);
  EXPECT_TRUE(cut);
  EXPECT_TRUE(Eventually([&] { return server.server().connections() == 0; }));
  ExpectResidentBelow(before + (4u << 20));
}

TEST(HttpServerAttack, RangesAndExpectationsAreIgnored) {
  AttackedServer server;
  RawClient client(server.port());
  for (const std::string header :
       {"Range: bytes=0-0", "Range: bytes=5-1", "Range: nonsense", "Range: bytes=0-0,0-0,0-0",
        "Expect: 100-continue", "Expect: nonsense", "Upgrade: h2c", "If-Range: \"x\""}) {
    const RawResponse response = client.Get("/whole", header + "\r\n");
    EXPECT_EQ(response.status, 200) << header;
    EXPECT_EQ(response.body, "GET /whole\nsegment [whole]\n") << header;
    EXPECT_THAT(response.head, Not(HasSubstr("Content-Range")));
  }
}

TEST(HttpServerAttack, NamesOfTheLibraryGrantNothing) {
  AttackedServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.Get("/", "REMOTE_ADDR: 10.0.0.1\r\nREMOTE_PORT: 1\r\nLOCAL_ADDR: x\r\n").status,
            200);
}

TEST(HttpServerAttack, MethodsReachTheHandlerAsTheyAre) {
  AttackedServer server;
  for (const std::string method :
       {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"}) {
    RawClient client(server.port());
    EXPECT_THAT(client.Exchange(method + " /x HTTP/1.1\r\n\r\n").body, HasSubstr(method + " /x\n"));
  }
  RawClient client(server.port());
  EXPECT_EQ(client.Exchange("OPTIONS * HTTP/1.1\r\n\r\n").status, 200);
}

TEST(HttpServerAttack, ThousandsOfShortConnectionsLeaveNothing) {
  AttackedServer server;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(server.Answers());
  const std::size_t before = ResidentBytes();
  for (int i = 0; i < 3000; ++i) {
    RawClient client(server.port());
    if (i % 3 == 0) client.Send("GET / HTTP/1.1\r\nHo");
    if (i % 3 == 1) client.Send("GET / HTTP/1.1\r\n\r\n");
  }
  // The last ones may still wait in the kernel's queue, more of them than an address may have.
  EXPECT_TRUE(Eventually([&] { return server.Answers(); }));
  EXPECT_TRUE(Eventually([&] { return server.server().connections() == 0; }));
  ExpectResidentBelow(before + (6u << 20));
}

TEST(HttpServerAttack, NoiseIsAnsweredOrCut) {
  HttpServerConfig config = TestServer::Config();
  config.limits.head = milliseconds(20);
  config.limits.idle = milliseconds(20);
  AttackedServer server(config);
  std::mt19937 random(10);
  const std::string request =
      "GET /v1/jobs/queues/a%2Fb?page=1&limit=2 HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n"
      "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n";
  for (int i = 0; i < 400; ++i) {
    std::string noise = request;
    for (int edits = 1 + static_cast<int>(random() % 4); edits > 0; --edits) {
      const std::size_t at = random() % noise.size();
      switch (random() % 3) {
        case 0: noise[at] = static_cast<char>(random()); break;
        case 1: noise.erase(at, 1 + random() % 5); break;
        default: noise.insert(at, 1 + random() % 3, static_cast<char>(random())); break;
      }
    }
    RawClient client(server.port());
    client.Send(noise);
    client.ShutDownSending();
    ASSERT_TRUE(client.IsClosed()) << noise;
    EXPECT_THAT(client.unread(), AnyOf("", HasSubstr("HTTP/1.1 "))) << noise;
  }
  EXPECT_TRUE(server.Answers());
}

TEST(HttpServerAttack, WithoutDescriptorsItWaitsAndRecovers) {
  AttackedServer server;
  ASSERT_TRUE(server.Answers());
  ASSERT_TRUE(Eventually([&] { return server.server().connections() == 0; }));
  FileDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit few = before;
  few.rlim_cur = 64;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<FileDescriptor> taken;
  for (int fd; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken.emplace_back(fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const std::string request = "GET /late HTTP/1.1\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(::send(client.get(), request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  const int handled = server.handled();
  const double cpu = CpuSeconds();
  std::this_thread::sleep_for(
      milliseconds(500));  // what is measured is the time of the processor meanwhile
  EXPECT_LT(CpuSeconds() - cpu, 0.1);
  EXPECT_EQ(server.handled(), handled);
  taken.clear();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(Eventually([&] { return server.handled() == handled + 1; }));
  EXPECT_TRUE(server.Answers());
}

}  // namespace
}  // namespace bullmq_exporter
