// The API from a request to its answer: real routes, authenticator and inspections on a fake Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/sha256.h"
#include "exporter/http/request_target.h"
#include "exporter/http/router.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/auth/token_maker.h"
#include "tests/unit/inspect/inspection_fixture.h"
#include "tests/unit/instruments/collected.h"

namespace bullmq_exporter {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kSecret = "a secret of at least thirty-two bytes, for tests";

std::string Message(std::string_view text) { return "{\"message\":\"" + std::string(text) + "\"}"; }

struct Answer {
  int status = 0;
  std::string body;
  std::vector<HttpHeader> headers;
  std::string log;

  [[nodiscard]] std::string Header(std::string_view name) const {
    for (const HttpHeader& header : headers) {
      if (header.name == name) return header.value;
    }
    return "";
  }
};

class ApiRouterTest : public testing::Test {
 protected:
  ApiRouterTest() {
    config_.keys_file = folder_.Write(
        "keys.yaml",
        "keys:\n" + Entry("oncall", "right", "[\"manage:all\"]", "") +
            Entry("reader", "weak", "[\"read\"]", "") +
            Entry("old", "expired", "[\"manage:all\"]", ", expires: 2020-01-01T00:00:00Z") +
            Entry("some", "limited", "[\"manage:all\"]", ", queues: [\"mail*\"]"));
    config_.jwt_secret_file = folder_.Write("jwt", std::string(kSecret) + "\n");
    authenticator_ =
        Authenticator::Create(config_, Logger(LogLevel::kError, LogFormat::kLogfmt)).value();
    for (const char* queue : {"ingestion", "mail", "a/b"}) target_.AddQueue("bull", queue);
    target_.Discover({{"bull", "ingestion"}, {"bull", "mail"}, {"bull", "a/b"}});
    targets_ = {target_.Inspected()};
    router_ = std::make_unique<Router>(
        ListenerKind::kApi,
        HandlerContext{
            .authenticator = authenticator_.get(), .targets = &targets_, .api = &config_},
        instruments_, Logger(LogLevel::kInfo, LogFormat::kLogfmt));
  }

  static std::string Entry(const std::string& name, const std::string& key,
                           const std::string& permissions, const std::string& more) {
    return "  - {name: " + name + ", sha256: " + Sha256Hex(key) + ", permissions: " + permissions +
           more + "}\n";
  }

  static std::string Token(const std::string& claims) {
    return MakeToken(
        R"({"alg":"HS256","typ":"JWT"})",
        "{\"sub\":\"ada\",\"exp\":" + std::to_string(NowMs() / 1000 + 600) + claims + "}", kSecret);
  }

  Answer Ask(const std::string& method, const std::string& target,
             std::vector<HttpHeader> headers) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    const RequestTarget parsed = ParseRequestTarget(target).value_or(RequestTarget{});
    request.path = parsed.path;
    request.query = parsed.query;
    request.headers = std::move(headers);
    request.remote_address = "127.0.0.1";
    testing::internal::CaptureStderr();
    HttpResponse response = router_->Handle(request);
    Answer answer{response.status, "", response.headers, ""};
    if (const auto* text = std::get_if<std::string>(&response.body)) {
      answer.body = *text;
    } else {
      std::get<StreamedBody>(response.body).write([&](std::string_view piece) {
        answer.body += piece;
        return true;
      });
    }
    response.done({response.status, 0.5, true});
    answer.log = testing::internal::GetCapturedStderr();
    return answer;
  }

  Answer Get(const std::string& target, const std::string& key = "right") {
    return Ask("GET", target, {{"X-API-KEY", key}});
  }

  TemporaryFolder folder_;
  ApiConfig config_;
  prometheus::Registry registry_;
  HttpInstruments instruments_{registry_, "api"};
  FakeTarget target_{"default", {"bull"}};
  InspectedTargets targets_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<Router> router_;
};

TEST_F(ApiRouterTest, BothPathsAnswer) {
  for (const std::string root : {"/v1", "/api/v1"}) {
    const Answer list = Get(root + "/jobs/queues");
    EXPECT_EQ(list.status, 200);
    EXPECT_THAT(list.body, HasSubstr(R"({"name":"ingestion","counts":{"active":0,)"));
    EXPECT_EQ(list.Header("Cache-Control"), "no-store");
    const Answer queue = Get(root + "/jobs/queues/ingestion?status=failed&page=1&limit=10");
    EXPECT_EQ(queue.status, 200);
    EXPECT_THAT(queue.body, StartsWith(R"({"name":"ingestion","counts":{)"));
    EXPECT_THAT(queue.body, HasSubstr(R"("name":"job of ingestion")"));
  }
  const std::string name = "bullmq_exporter_http_requests_total{code=\"200\",handler=\"";
  const auto collected = Collected(registry_);
  EXPECT_EQ(collected.at(name + "/v1/jobs/queues\",listener=\"api\"}"), 2);
  EXPECT_EQ(collected.at(name + "/v1/jobs/queues/:queueName\",listener=\"api\"}"), 2);
}

TEST_F(ApiRouterTest, AnEncodedSlashIsPartOfTheName) {
  EXPECT_THAT(Get("/v1/jobs/queues/a%2Fb").body, StartsWith(R"({"name":"a/b")"));
  EXPECT_EQ(Get("/v1/jobs/queues/a/b").body, Message("Not found"));
}

// One row a line of the contract's table; each but the last is wrong in all that comes after it,
// too.
TEST_F(ApiRouterTest, ChecksInTheOrderOfTheContract) {
  struct Row {
    std::string method;
    std::string target;
    std::vector<HttpHeader> headers;
    int status;
    std::string body;
  };
  const std::string nowhere = "/v1/nowhere?page=0";
  const std::string forbidden =
      Message("You are not allowed to perform this operation with your current role.");
  const auto bearer = [](const std::string& token) {
    return std::vector<HttpHeader>{{"Authorization", "Bearer " + token}};
  };
  const std::vector<Row> rows = {
      {"POST", nowhere, {}, 405, Message("Method not allowed")},
      {"DELETE", "/v1/jobs/queues", {{"X-API-KEY", "right"}}, 405, Message("Method not allowed")},
      {"GET", nowhere, {}, 401, Message("Unauthorized: No token provided")},
      {"HEAD", nowhere, {}, 401, Message("Unauthorized: No token provided")},
      {"GET", nowhere, {{"X-API-KEY", "wrong"}}, 401, Message("Unauthorized: Invalid API key")},
      {"GET", nowhere, {{"X-API-KEY", "expired"}}, 401, Message("Unauthorized: Invalid API key")},
      {"GET",
       nowhere,
       {{"X-API-KEY", "wrong"}, {"Authorization", "Bearer " + Token("")}},
       401,
       Message("Unauthorized: Invalid API key")},
      {"GET", nowhere, bearer("nonsense"), 401, Message("Unauthorized: Invalid token")},
      {"GET", nowhere, bearer(Token(",\"mfaPending\":true")), 401,
       Message("Unauthorized: MFA verification required")},
      {"GET", nowhere, {{"X-API-KEY", "weak"}}, 403, forbidden},
      {"GET", nowhere, bearer(Token(",\"roles\":[\"Nobody\"]")), 403, forbidden},
      {"GET", nowhere, {{"X-API-KEY", "right"}}, 404, Message("Not found")},
      {"GET", "/v1/jobs/queues/", {{"X-API-KEY", "right"}}, 404, Message("Queue  not found")},
      {"GET",
       "/v1/jobs/queues/none?page=0",
       {{"X-API-KEY", "right"}},
       400,
       Message("Parameter page must be a whole number from 1 to 2147483647")},
      {"GET",
       "/v1/jobs/queues?prefix=a&prefix=a",
       {{"X-API-KEY", "right"}},
       400,
       Message("Parameter prefix may be given only once")},
      {"GET",
       "/v1/jobs/queues/none",
       {{"X-API-KEY", "right"}},
       404,
       Message("Queue none not found")},
      {"GET",
       "/v1/jobs/queues/ingestion",
       {{"X-API-KEY", "limited"}},
       404,
       Message("Queue ingestion not found")},
  };
  for (const auto& [method, target, headers, status, body] : rows) {
    const Answer answer = Ask(method, target, headers);
    EXPECT_EQ(answer.status, status) << method << " " << target;
    EXPECT_EQ(answer.body, body) << method << " " << target;
    EXPECT_EQ(answer.Header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.Header("Allow"), status == 405 ? "GET, HEAD" : "");
    EXPECT_EQ(answer.Header("WWW-Authenticate"), status == 401 ? "Bearer" : "");
  }
}

TEST_F(ApiRouterTest, BadParametersComeBeforeADeadRedisAndThatBeforeAnUnknownQueue) {
  target_.server().FailAll(Error{ErrorCode::kTimeout, "no answer"});
  EXPECT_EQ(Get("/v1/jobs/queues/none?limit=0").status, 400);
  for (const std::string target : {"/v1/jobs/queues", "/v1/jobs/queues/none"}) {
    const Answer answer = Get(target);
    EXPECT_EQ(answer.status, 503) << target;
    EXPECT_EQ(answer.Header("Retry-After"), "1");
    EXPECT_THAT(answer.body, StartsWith("{\"message\":\""));
  }
}

TEST_F(ApiRouterTest, AQueueOfTheWrongTypeIs502) {
  target_.Run({"SET", "bull:mail:wait", "text"});
  EXPECT_EQ(Get("/v1/jobs/queues/mail").status, 502);
  EXPECT_THAT(Get("/v1/jobs/queues").body, HasSubstr(R"({"name":"mail","counts":null,"error":)"));
}

TEST_F(ApiRouterTest, AKeyForSomeQueuesSeesOnlyThem) {
  const Answer list = Get("/v1/jobs/queues", "limited");
  EXPECT_THAT(list.body, AllOf(HasSubstr("mail"), Not(HasSubstr("ingestion"))));
  EXPECT_EQ(Get("/v1/jobs/queues/mail", "limited").status, 200);
}

TEST_F(ApiRouterTest, PublicPathsNeedNoCredentials) {
  const Answer page = Ask("GET", "/", {});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<li>/v1/jobs/queues/:queueName: "));
  const Answer document = Ask("GET", "/openapi.yaml", {});
  EXPECT_EQ(document.status, 200);
  EXPECT_THAT(document.body,
              AllOf(StartsWith("openapi: 3."), HasSubstr("/jobs/queues/{queueName}")));
  EXPECT_EQ(Ask("GET", "/metrics", {}).status, 401);
}

TEST_F(ApiRouterTest, EveryRequestIsLoggedWithoutSecrets) {
  const Answer good = Get("/v1/jobs/queues/mail?status=active");
  EXPECT_THAT(good.log, HasSubstr("msg=\"api request\" caller=oncall method=GET "
                                  "route=/v1/jobs/queues/:queueName queue=mail code=200 "
                                  "seconds=0.5 client=127.0.0.1"));
  const Answer token = Ask("GET", "/api/v1/jobs/queues",
                           {{"Authorization", "Bearer " + Token(",\"roles\":[\"Super Admin\"]")}});
  EXPECT_THAT(token.log,
              HasSubstr("caller=ada method=GET route=/v1/jobs/queues queue=\"\" code=200"));
  EXPECT_THAT(Get("/v1/x", "weak").log, HasSubstr("caller=reader method=GET route=(none)"));
  const Answer bad = Get("/v1/jobs/queues/secretQueue?token=secretText", "secretKey");
  EXPECT_THAT(bad.log, AllOf(HasSubstr("caller=\"\""), HasSubstr("code=401"),
                             Not(HasSubstr("secretKey")), Not(HasSubstr("secretText"))));
  EXPECT_THAT(Get("/v1/jobs/queues/a%0Alevel=error%00%FF").log, Not(HasSubstr("\nlevel=error")));
}

}  // namespace
}  // namespace bullmq_exporter
