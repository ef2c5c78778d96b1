#include "exporter/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "tests/unit/http/raw_client.h"
#include "tests/unit/http/test_server.h"

namespace bullmq_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::size_t Threads() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator("/proc/self/task")) {
    ++count;
  }
  return count;
}

// More than the kernel takes in for a client that does not read.
std::string LargeText() {
  std::string text;
  text.resize(50'000'000, 'x');
  return text;
}

TEST(HttpServer, AnswersAndKeepsTheConnection) {
  TestServer server(Echo);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const RawResponse response = client.Get("/a?x=" + std::to_string(i));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a?x=" + std::to_string(i) + "\nsegment [a]\nquery [x] [" +
                                 std::to_string(i) + "]\n");
    EXPECT_TRUE(response.Has("Content-Type: text/plain; charset=utf-8"));
    EXPECT_THAT(response.head, Not(HasSubstr("Connection: close")));
    EXPECT_THAT(response.head, Not(HasSubstr("Accept-Ranges")));
    EXPECT_THAT(response.head,
                ContainsRegex("\r\nDate: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} "
                              "[0-9:]{8} GMT\r\n"));
  }
  EXPECT_EQ(server.server().connections(), 1u);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  TestServer server(Echo);
  RawClient client(server.port());
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  client.Send(requests);
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(client.Receive().body, HasSubstr("segment [" + std::to_string(i) + "]"));
  }
}

TEST(HttpServer, HeadHasTheLengthAndNoBody) {
  TestServer server(Echo);
  RawClient client(server.port());
  client.Send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n");
  const RawResponse head = client.Receive(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.Has("Content-Length: 20"));
  EXPECT_EQ(client.Get("/y").body, "GET /y\nsegment [y]\n");
}

TEST(HttpServer, EmptyBodyHasLengthZero) {
  TestServer server([](const HttpRequest&) { return HttpResponse{}; });
  RawClient client(server.port());
  const RawResponse response = client.Get("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.Has("Content-Length: 0"));
  EXPECT_EQ(client.Get("/").status, 200);
}

TEST(HttpServer, ClosesWhenAsked) {
  struct Row {
    std::string request;
    bool closed;
  };
  const std::vector<Row> rows = {
      {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nconnection: foo, CLOSE\r\n\r\n", true},
      {"GET / HTTP/1.1\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", true},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", false},
  };
  TestServer server(Echo);
  for (const auto& [request, closed] : rows) {
    RawClient client(server.port());
    const RawResponse response = client.Exchange(request);
    EXPECT_EQ(response.status, 200) << request;
    EXPECT_EQ(response.Has("Connection: close"), closed) << request;
    if (closed) {
      EXPECT_TRUE(client.IsClosed()) << request;
    } else {
      EXPECT_EQ(client.Get("/").status, 200) << request;
    }
  }
}

TEST(HttpServer, StreamsABodyOfKnownLength) {
  constexpr std::size_t kSize = 20'000'000;
  TestServer server([](const HttpRequest&) {
    HttpResponse response;
    response.body = StreamedBody{kSize, [](const BodySink& sink) {
                                   const std::string piece(50'000, 'x');
                                   for (std::size_t sent = 0; sent < kSize; sent += piece.size()) {
                                     if (!sink(piece)) return false;
                                   }
                                   return true;
                                 }};
    return response;
  });
  RawClient client(server.port());
  for (int i = 0; i < 2; ++i) {
    const RawResponse response = client.Get("/");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body.size(), kSize);
  }
}

TEST(HttpServer, CutsABodyThatIsNotOfItsLength) {
  for (const std::size_t written : {std::size_t{5}, std::size_t{15}}) {
    TestServer server([written](const HttpRequest&) {
      HttpResponse response;
      response.body = StreamedBody{10, [written](const BodySink& sink) {
                                     for (std::size_t i = 0; i < written; ++i) {
                                       if (!sink("x")) return false;
                                     }
                                     return true;
                                   }};
      return response;
    });
    RawClient client(server.port());
    client.Send("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(client.IsClosed());
    EXPECT_EQ(client.unread().find("HTTP/1.1", 1), std::string::npos) << client.unread();
  }
}

TEST(HttpServer, TellsWhatBecameOfAResponse) {
  std::mutex mutex;
  std::vector<ResponseOutcome> outcomes;
  TestServer server([&](const HttpRequest&) {
    HttpResponse response = ErrorResponse(ErrorFormat::kJson, 404, "no \"such\" thing\n");
    response.done = [&](const ResponseOutcome& outcome) {
      const std::lock_guard lock(mutex);
      outcomes.push_back(outcome);
    };
    return response;
  });
  RawClient client(server.port());
  const RawResponse response = client.Get("/");
  EXPECT_EQ(response.body, R"({"message":"no \"such\" thing\u000a"})");
  EXPECT_TRUE(response.Has("Content-Type: application/json; charset=utf-8"));
  EXPECT_TRUE(Eventually([&] {
    const std::lock_guard lock(mutex);
    return outcomes.size() == 1;
  }));
  EXPECT_EQ(outcomes[0].status, 404);
  EXPECT_TRUE(outcomes[0].sent);
  EXPECT_GE(outcomes[0].seconds, 0);
}

TEST(HttpServer, AnExceptionLeaksNothing) {
  TestServer server([](const HttpRequest& request) -> HttpResponse {
    if (request.target == "/throw") throw std::runtime_error("secret /etc/passwd");
    if (request.target == "/odd") throw 42;
    HttpResponse response;
    response.body = StreamedBody{
        10, [](const BodySink&) -> bool { throw std::runtime_error("secret /etc/passwd"); }};
    return response;
  });
  for (const std::string target : {"/throw", "/odd"}) {
    RawClient client(server.port());
    const RawResponse response = client.Get(target);
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body, "Internal error\n");
    EXPECT_THAT(response.head, Not(HasSubstr("secret")));
    EXPECT_THAT(response.head, Not(HasSubstr("EXCEPTION")));
  }
  RawClient client(server.port());
  client.Send("GET /body HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(client.IsClosed());
  EXPECT_THAT(client.unread(), Not(HasSubstr("secret")));
}

TEST(HttpServer, PassesHeadersByteForByte) {
  TestServer server([](const HttpRequest& request) {
    HttpResponse response;
    response.body = std::string(request.Header("x-api-key").value_or("none")) + "|" +
                    request.HeaderList("ACCEPT") + "|" + request.remote_address;
    return response;
  });
  RawClient client(server.port());
  EXPECT_EQ(client.Get("/", "X-API-Key: a%41+b \r\nAccept: x\r\nAccept: y;q=0\r\n").body,
            "a%41+b|x, y;q=0|127.0.0.1");
}

TEST(HttpServer, SecondListenerOnAPortFailsLoudly) {
  TestServer first(Echo);
  const std::string address = first.server().address();
  for (const std::string& wanted : {address, address.substr(address.rfind(':'))}) {
    HttpServerConfig config;
    config.listen_address = wanted;
    const auto second = HttpServer::Listen(
        config, Echo, [](std::string_view) {}, Logger(LogLevel::kError, LogFormat::kLogfmt));
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, ErrorCode::kIo);
    EXPECT_EQ(second.error().message, "cannot listen on " + wanted + ": Address already in use");
  }
}

TEST(HttpServer, RebindsAtOnceAfterItWasStopped) {
  auto first = std::make_unique<TestServer>(Echo);
  HttpServerConfig config;
  config.listen_address = first->server().address();
  RawClient client(first->port());
  EXPECT_EQ(client.Get("/").status, 200);
  first.reset();
  TestServer second(Echo, config);
  EXPECT_EQ(RawClient(second.port()).Get("/").status, 200);
}

TEST(HttpServer, StopClosesIdleConnectionsAndLeavesNoThread) {
  const std::size_t before = Threads();
  TestServer server(Echo);
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(server.port());
  for (RawClient& client : clients) EXPECT_EQ(client.Get("/").status, 200);
  clients.emplace_back(server.port()).Send("GET / HT");
  ASSERT_TRUE(Eventually([&] { return server.server().connections() == clients.size(); }));
  EXPECT_GT(Threads(), before);
  server.server().Stop();
  EXPECT_EQ(server.server().connections(), 0u);
  EXPECT_TRUE(Eventually([&] { return Threads() == before; }));
  for (RawClient& client : clients) EXPECT_TRUE(client.IsClosed());
  EXPECT_THROW(RawClient{server.port()}, std::runtime_error);
  server.server().Stop();
}

TEST(HttpServer, StopLetsAResponseEnd) {
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false;
  bool answer = false;
  TestServer server([&](const HttpRequest&) {
    std::unique_lock lock(mutex);
    asked = true;
    changed.notify_all();
    changed.wait(lock, [&] { return answer; });
    HttpResponse response;
    response.body = "late";
    return response;
  });
  RawClient client(server.port());
  client.Send("GET / HTTP/1.1\r\n\r\n");
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, seconds(10), [&] { return asked; }));
  }
  server.server().BeginStop();
  EXPECT_TRUE(Eventually([&] {
    try {
      RawClient{server.port()};
      return false;
    } catch (const std::runtime_error&) {
      return true;  // it listens no more
    }
  }));
  {
    const std::lock_guard lock(mutex);
    answer = true;
  }
  changed.notify_all();
  EXPECT_EQ(client.Receive().body, "late");
  server.server().Stop();
  EXPECT_TRUE(client.IsClosed());
}

TEST(HttpServer, StopCutsAResponseThatIsNotRead) {
  TestServer server(
      [](const HttpRequest&) {
        HttpResponse response;
        response.body = LargeText();
        return response;
      },
      [] {
        HttpServerConfig config = TestServer::Config();
        config.limits.write = seconds(60);
        return config;
      }());
  RawClient client(server.port(), "127.0.0.1", 4096);
  client.Send("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(Eventually([&] {
    pollfd waiting{client.fd(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
  }));
  const auto begun = std::chrono::steady_clock::now();
  server.server().Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(5));
}

TEST(HttpServer, StopWithoutStart) {
  auto server = HttpServer::Listen(
      TestServer::Config(), Echo, [](std::string_view) {},
      Logger(LogLevel::kError, LogFormat::kLogfmt));
  ASSERT_TRUE(server.has_value());
  (*server)->Stop();
}

TEST(HttpServer, FreesAClientThatDoesNotRead) {
  HttpServerConfig config = TestServer::Config();
  config.limits.write = milliseconds(200);
  TestServer server(
      [](const HttpRequest&) {
        HttpResponse response;
        response.body = LargeText();
        return response;
      },
      config);
  RawClient client(server.port(), "127.0.0.1", 4096);
  client.Send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(Eventually([&] { return server.rejected("deadline") == 1; }));
  EXPECT_TRUE(Eventually([&] { return server.server().connections() == 0; }));
}

}  // namespace
}  // namespace bullmq_exporter
