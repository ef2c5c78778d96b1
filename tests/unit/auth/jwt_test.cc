#include "exporter/auth/jwt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/auth/token_maker.h"

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kNowMs = 1'700'000'000'000;
constexpr const char* kSecret = "a secret of more than thirty-two bytes";
constexpr const char* kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr const char* kPayload =
    R"({"sub":"u1","email":"a@b.c","roles":["Super Admin"],"exp":1700000001})";

JwtVerifier Verifier(const std::string& secrets) {
  auto verifier = JwtVerifier::FromSecretFile(SecretText(secrets));
  if (!verifier) std::abort();
  return std::move(*verifier);
}

bool Accepts(const std::string& token) {
  return Verifier(kSecret).Verify(token, kNowMs).has_value();
}

TEST(JwtTest, ReadsTheClaims) {
  const auto claims = Verifier(kSecret).Verify(MakeToken(kHeader, kPayload, kSecret), kNowMs);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "u1");
  EXPECT_THAT(claims->roles, ElementsAre("Super Admin"));
  EXPECT_FALSE(claims->mfa_pending);
}

// RFC 7515, appendix A.1: header with a line end, and a secret of any bytes.
TEST(JwtTest, AcceptsTheExampleOfTheRfc) {
  const std::string key = *DecodeBase64Url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const auto claims = Verifier(key).Verify(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
      1300819379999);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "");
  EXPECT_THAT(claims->roles, IsEmpty());
}

TEST(JwtTest, TakesOddClaimsForNothing) {
  struct Case {
    const char* payload;
    const char* subject;
    std::size_t roles;
    bool mfa_pending;
  };
  for (const Case& c : {
           Case{R"({"exp":1700000001})", "", 0, false},
           Case{R"({"exp":1700000000.5,"email":"a@b.c","sub":7})", "a@b.c", 0, false},
           Case{R"({"exp":1e300,"roles":"Super Admin"})", "", 0, false},
           Case{R"({"exp":1700000001,"roles":[1,null,["Super Admin"],"x"]})", "", 1, false},
           Case{R"({"exp":1700000001,"mfaPending":null})", "", 0, false},
           Case{R"({"exp":1700000001,"mfaPending":false})", "", 0, false},
           Case{R"({"exp":1700000001,"mfaPending":true})", "", 0, true},
           Case{R"({"exp":1700000001,"mfaPending":"no"})", "", 0, true},
           Case{R"({"exp":1700000001,"nbf":1700000000})", "", 0, false},
           Case{R"({"exp":1,"exp":1700000001,"mfaPending":false,"mfaPending":true})", "", 0, true},
       }) {
    const auto claims = Verifier(kSecret).Verify(MakeToken(kHeader, c.payload, kSecret), kNowMs);
    ASSERT_TRUE(claims) << c.payload;
    EXPECT_EQ(claims->subject, c.subject) << c.payload;
    EXPECT_EQ(claims->roles.size(), c.roles) << c.payload;
    EXPECT_EQ(claims->mfa_pending, c.mfa_pending) << c.payload;
  }
}

TEST(JwtTest, RefusesPayloadsThatAreNotInForce) {
  for (const std::string payload : {
           R"({"sub":"u1"})",
           R"({"exp":1700000000})",
           R"({"exp":1699999999.9})",
           R"({"exp":"1700000001"})",
           R"({"exp":null})",
           R"({"exp":true})",
           R"({"exp":-1})",
           R"({"exp":1700000001,"nbf":1700000000.1})",
           R"({"exp":1700000001,"nbf":"0"})",
           R"([{"exp":1700000001}])",
           R"("exp")",
           "",
           R"({"exp":1700000001)",
           R"({"exp":1e999})",
           R"({"exp":1700000001,"exp":1699999999})",
       }) {
    EXPECT_FALSE(Accepts(MakeToken(kHeader, payload, kSecret))) << payload;
  }
}

// Each is signed by HS256 with the right secret, so that the header alone is what refuses it.
TEST(JwtTest, RefusesHeadersButHs256) {
  for (const char* header : {
           R"({"alg":"none"})",
           R"({"alg":"None"})",
           R"({"alg":"hs256"})",
           R"({"alg":"HS384"})",
           R"({"alg":"HS512"})",
           R"({"alg":"RS256"})",
           R"({"alg":""})",
           R"({"alg":null})",
           R"({"alg":["HS256"]})",
           "{}",
           "[]",
           R"({"alg":"HS256","crit":["exp"]})",
           R"({"alg":"HS256","alg":"none"})",
           "not json",
           "",
       }) {
    EXPECT_FALSE(Accepts(MakeToken(header, kPayload, kSecret))) << header;
  }
}

TEST(JwtTest, RefusesSignaturesThatAreNotOurs) {
  const std::string good = MakeToken(kHeader, kPayload, kSecret);
  ASSERT_TRUE(Accepts(good));
  const std::string unsigned_text = good.substr(0, good.rfind('.'));
  const std::string payload_of_admin = EncodeBase64Url(R"({"sub":"root","exp":1700000001})");
  for (const std::string& token : {
           MakeToken(kHeader, kPayload, "another secret"),
           MakeToken(kHeader, kPayload, ""),
           MakeToken(R"({"alg":"HS512"})", kPayload, kSecret, EVP_sha512()),
           MakeToken(kHeader, kPayload, kSecret, EVP_sha512()),
           unsigned_text,
           unsigned_text + ".",
           unsigned_text + "." + std::string(43, 'A'),
           good + "A",
           good + "=",
           good + ".",
           "." + good,
           good.substr(0, good.size() - 1),
           good.substr(1),
           " " + good,
           good + " ",
           good.substr(0, good.find('.') + 1) + payload_of_admin + good.substr(good.rfind('.')),
           EncodeBase64Url(R"({"alg":"none"})") + "." + EncodeBase64Url(kPayload) + ".",
           std::string(),
           std::string(".."),
           std::string("a.b.c"),
           std::string("\0.\0.\0", 5),
       }) {
    EXPECT_FALSE(Accepts(token)) << token;
  }
}

// The last character of a signature of 32 bytes has two spare bits: both spellings must not pass.
TEST(JwtTest, RefusesASecondSpellingOfTheSignature) {
  std::string token = MakeToken(kHeader, kPayload, kSecret);
  int accepted = 0;
  for (const char c :
       std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    token.back() = c;
    accepted += Accepts(token) ? 1 : 0;
  }
  EXPECT_EQ(accepted, 1);
}

TEST(JwtTest, RefusesHugeAndDeepTokens) {
  const std::string long_claim(JwtVerifier::kMaxTokenBytes, 'x');
  EXPECT_FALSE(
      Accepts(MakeToken(kHeader, R"({"exp":1700000001,"x":")" + long_claim + "\"}", kSecret)));
  EXPECT_FALSE(Accepts(std::string(1 << 20, 'a')));
  EXPECT_FALSE(Accepts(std::string(1 << 20, '.')));
  const std::string deep(5000, '[');
  EXPECT_FALSE(Accepts(MakeToken(kHeader, deep, kSecret)));
  EXPECT_TRUE(Accepts(MakeToken(
      kHeader, R"({"exp":1700000001,"x":)" + deep + std::string(5000, ']') + "}", kSecret)));
}

TEST(JwtTest, RefusesANulThatWouldHideWhatFollows) {
  const std::string payload = std::string(kPayload) + std::string("\0{}", 3);
  EXPECT_FALSE(Accepts(MakeToken(kHeader, payload, kSecret)));
}

TEST(JwtTest, AnyOfSeveralSecretsOpens) {
  const JwtVerifier verifier = Verifier("first\n\nsecond \r\nthird");
  for (const char* secret : {"first", "second ", "third"}) {
    EXPECT_TRUE(verifier.Verify(MakeToken(kHeader, kPayload, secret), kNowMs)) << secret;
  }
  for (const char* secret : {"second", "second \r", "first\n", "", "first\n\nsecond"}) {
    EXPECT_FALSE(verifier.Verify(MakeToken(kHeader, kPayload, secret), kNowMs)) << secret;
  }
}

TEST(JwtTest, AFileWithoutSecretsIsRefused) {
  for (const char* text : {"", "\n", "\r\n\n"}) {
    EXPECT_FALSE(JwtVerifier::FromSecretFile(SecretText(text)));
  }
  std::string many;
  for (std::size_t i = 0; i < JwtVerifier::kMaxSecrets; ++i) many += "secret\n";
  EXPECT_TRUE(JwtVerifier::FromSecretFile(SecretText(many)));
  const auto refused = JwtVerifier::FromSecretFile(SecretText(many + "topsecret"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("topsecret"), std::string::npos);
}

}  // namespace
}  // namespace bullmq_exporter
