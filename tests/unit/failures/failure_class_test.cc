#include "exporter/failures/failure_class.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

using std::string_view_literals::operator""sv;

struct ClassCase {
  std::string_view reason;
  std::string_view expected;
};

class FailureClassTest : public testing::TestWithParam<ClassCase> {};

TEST_P(FailureClassTest, HasClass) {
  EXPECT_EQ(ClassifyFailure(GetParam().reason), GetParam().expected);
}

std::string Repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text.append(piece);
  return text;
}

std::size_t Characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); text.remove_prefix(DecodeUtf8(text).length)) ++count;
  return count;
}

constexpr ClassCase kDocumented[] = {
    {"Connection timed out after 3000 ms", "Connection timed out after <n> ms"},
    {"connect ECONNREFUSED 10.0.0.5:5432", "connect ECONNREFUSED <addr>"},
    {"ENOENT: no such file or directory, open '/var/data/clx1.eml'",
     "ENOENT: no such file or directory, open <text>"},
    {"Mailbox jane.doe@example.org is over quota (98.5%)", "Mailbox <email> is over quota (<n>%)"},
    {"Ingestion source clx1y2z3a0000b4d2e5f6g7h8 not found", "Ingestion source <id> not found"},
    {"Request to https://api.example.org/v1/x?t=1 failed with status code 503",
     "Request to <url> failed with status code <n>"},
    {"ERR_HTTP2_STREAM_ERROR: can't read user's file",
     "ERR_HTTP2_STREAM_ERROR: can't read user's file"},
    {"E11000 duplicate key 5f2b8c01deadbeef at 2026-11-24T06:07:29.552Z",
     "E11000 duplicate key <hex> at <time>"},
    {"child bull:flow:3 failed", "child failed"},
    {"job stalled more than allowable limit", "job stalled more than allowable limit"},
    {"Error: Connection timed out after 3000 ms", "Error: Connection timed out after <n> ms"},
};
INSTANTIATE_TEST_SUITE_P(Documented, FailureClassTest, testing::ValuesIn(kDocumented));

constexpr ClassCase kSpecial[] = {
    {"", "(empty)"},
    {"   ", "(empty)"},
    {"\n\t \r\n", "(empty)"},
    {"\u00a0\u2003\ufeff", "(empty)"},
    {"\0\0"sv, "(empty)"},
    {"null", "(no error object)"},
    {"undefined", "(no error object)"},
    {" null\n", "(no error object)"},
    {"null\nat x", "(no error object)"},
    {"child bull:flow:3 failed\nat x", "child failed"},
    {"null pointer", "null pointer"},
    {"Null", "Null"},
    {"undefined is not a function", "undefined is not a function"},
    {"child bull:flow:jane.doe@example.org failed", "child failed"},
    {"child {bull}:my queue:a\nb failed", "child failed"},
    {"child failed", "child failed"},
    {"child  failed", "child failed"},
    {"children failed", "children failed"},
    {"child process has failed badly", "child process has failed badly"},
    {"A child x failed", "A child x failed"},
};
INSTANTIATE_TEST_SUITE_P(Special, FailureClassTest, testing::ValuesIn(kSpecial));

constexpr ClassCase kLines[] = {
    {"first\nsecond", "first"},
    {"first\r\nsecond 12", "first"},
    {"\nInvalid `prisma.user.create()` invocation:\n\n in /app/x.js", "Invalid <text> invocation:"},
    {"  a \t b  ", "a b"},
    {"a\u00a0\u2003b", "a b"},
    {"a\0b"sv, "a b"},
    {"a\x1b[31mred\x1b[0m", "a [31mred [<n>m"},
    {"a\xFF\xFE"
     "b",
     "a\uFFFD\uFFFD"
     "b"},
    {"\xE2\x82", "\uFFFD"},
    {"\u65e0\u6cd5\u8fde\u63a5 3000\u6beb\u79d2", "\u65e0\u6cd5\u8fde\u63a5 <n>\u6beb\u79d2"},
    {"line\u2028separator", "line separator"},
};
INSTANTIATE_TEST_SUITE_P(Lines, FailureClassTest, testing::ValuesIn(kLines));

constexpr ClassCase kRule1Url[] = {
    {"GET http://a", "GET <url>"},
    {"GET http://a.example/x?y=1&z=%20#frag done", "GET <url> done"},
    {"(see https://a.example/b) now", "(see <url>) now"},
    {"<https://a.example/b>", "<<url>>"},
    {"url=\"https://a.example/b\"", "url=<text>"},
    {"redis://user:secret@10.0.0.5:6379/0 refused", "<url> refused"},
    {"postgres+ssl://u:p@h/db and s3://bucket/key", "<url> and <url>"},
    {"HTTPS://EXAMPLE.ORG/X", "<url>"},
    {"https://a.example/2026-01-31/10.0.0.5", "<url>"},
    {"x 1http://a", "x <n><url>"},
    {"http:// nothing behind", "<url> nothing behind"},
    {"ws://a'b", "<url>'b"},
    {"://a is no url", "://a is no url"},
    {"http:/a/b is a path", "http:<path> is a path"},
    {"http: //", "http: //"},
};
INSTANTIATE_TEST_SUITE_P(Rule1Url, FailureClassTest, testing::ValuesIn(kRule1Url));

constexpr ClassCase kRule2Email[] = {
    {"to jane.doe@example.org failed", "to <email> failed"},
    {"<jane@example.org>: unknown", "<<email>>: unknown"},
    {"jane+tag%x_y-z@sub.example.org", "<email>"},
    {"mailto:jane@example.org", "mailto:<email>"},
    {"a@b", "<email>"},
    {"user root@localhost,", "user <email>,"},
    {"j\u00fcrgen@ex\u00e4mple.org bounced", "<email> bounced"},
    {"jane@example.org, john@example.org", "<email>, <email>"},
    {"1234567890@10.0.0.5", "<email>"},
    {"'jane@example.org'", "<text>"},
    {"SMTP 550 5.1.1 jane@example.org", "SMTP <n> <n>.<n> <email>"},
    {"Cannot find module @nestjs/bullmq", "Cannot find module @nestjs/bullmq"},
    {"a @ b", "a @ b"},
    {"twitter @jane", "twitter @jane"},
    {"jane@ is cut", "jane@ is cut"},
    {"a@b@c", "<email>@c"},
};
INSTANTIATE_TEST_SUITE_P(Rule2Email, FailureClassTest, testing::ValuesIn(kRule2Email));

constexpr ClassCase kRule3Time[] = {
    {"on 2026-01-31", "on <time>"},
    {"on 2026-01-31.", "on <time>."},
    {"at 2026-01-31T06:07:29.552Z:", "at <time>:"},
    {"at 2026-01-31 06:07 x", "at <time> x"},
    {"at 2026-01-31 06:07:29 x", "at <time> x"},
    {"at 2026-01-31 06:07:29,552 x", "at <time> x"},
    {"at 2026-01-31T06:07:29+01:00 x", "at <time> x"},
    {"at 2026-01-31T06:07:29-0100 x", "at <time> x"},
    {"at 2026-01-31 06:07:29 +0000 UTC x", "at <time> x"},
    {"at 2026-01-31 06:07:29 GMT", "at <time>"},
    {"backup-2026-01-31.tar", "backup-<time>.tar"},
    {"2026-01-31/2026-02-01", "<time>/<time>"},
    {"2026-01-31 12 items", "<time> <n> items"},
    {"2026-01-31T", "<time>T"},
    {"2026-01-31 06:07:291", "<time>:<n>"},
    {"2026-13-31", "<n>-<n>-<n>"},
    {"2026-00-10", "<n>-<n>-<n>"},
    {"2026-01-32", "<n>-<n>-<n>"},
    {"12026-01-31", "<n>-<n>-<n>"},
    {"2026-01-311", "<n>-<n>-<n>"},
    {"2026-1-3", "<n>-<n>-<n>"},
    {"06:07:29", "<n>:<n>:<n>"},
    {"x2026-01-31", "<id>"},
};
INSTANTIATE_TEST_SUITE_P(Rule3Time, FailureClassTest, testing::ValuesIn(kRule3Time));

constexpr ClassCase kRule4Uuid[] = {
    {"job 0191d5a0-7f3c-7000-8000-0123456789ab lost", "job <uuid> lost"},
    {"job 0191D5A0-7F3C-7000-8000-0123456789AB lost", "job <uuid> lost"},
    {"{0191d5a0-7f3c-7000-8000-0123456789ab}", "{<uuid>}"},
    {"00000000-0000-0000-0000-000000000000", "<uuid>"},
    {"id=0191d5a0-7f3c-7000-8000-0123456789ab.", "id=<uuid>."},
    {"job-0191d5a0-7f3c-7000-8000-0123456789ab", "job-<uuid>"},
    {"0191d5a0-7f3c-7000-8000-0123456789ab-thumb.png", "<uuid>-thumb.png"},
    {"a_0191d5a0-7f3c-7000-8000-0123456789ab_b", "a_<uuid>_b"},
    {"urn:uuid:0191d5a0-7f3c-7000-8000-0123456789ab", "urn:uuid:<uuid>"},
    {"0191d5a0-7f3c-7000-8000-0123456789a", "<id>"},
    {"0191d5a0-7f3c-7000-8000-0123456789abc", "<id>"},
    {"0191d5a0-7f3c-7000-8000-0123456789ag", "<id>"},
    {"0191d5a07f3c70008000 0123456789ab", "<hex> <hex>"},
    {"0191d5a0_7f3c_7000_8000_0123456789ab", "<id>"},
    {"x0191d5a0-7f3c-7000-8000-0123456789ab", "<id>"},
};
INSTANTIATE_TEST_SUITE_P(Rule4Uuid, FailureClassTest, testing::ValuesIn(kRule4Uuid));

constexpr ClassCase kRule5Text[] = {
    {R"(Unexpected token "hello" here)", "Unexpected token <text> here"},
    {R"(Unexpected token 'h', "hello wor"... is not valid JSON)",
     "Unexpected token <text>, <text>... is not valid JSON"},
    {"column `users`.`email`", "column <text>.<text>"},
    {"open '/var/x y'", "open <text>"},
    {"'a' begins the line", "<text> begins the line"},
    {"f('a',['b'],{'c':'d'},x='e')", "f(<text>,[<text>],{<text>:<text>},x=<text>)"},
    {R"({"email":"jane","name":"Doe"})", "{<text>:<text>,<text>:<text>}"},
    {R"({\"email\":\"jane\"})", R"({\<text>:\<text>})"},
    {R"(body "{\"email\":\"jane\"}" refused)", "body <text> refused"},
    {"user 'Jane O'Brien' unknown", "user <text> unknown"},
    {"x \"\" y", "x <text> y"},
    {"a\"b\"c", "a<text>c"},
    {"'a'b", "<text>b"},
    {"can't read user's file", "can't read user's file"},
    {"the users' file isn't 'x'", "the users' file isn't <text>"},
    {"5\" disk", "<n>\" disk"},
    {"x=' y", "x=' y"},
    {"`open", "`open"},
    {"\"see https://a.example/x\" and", "<text> and"},
    {"\"begins here\nends here\" x", "<text>"},
    {"it begins \"here\nbut never ends", "it begins \"here"},
    {"O'Brien's 'file", "O'Brien's 'file"},
};
INSTANTIATE_TEST_SUITE_P(Rule5Text, FailureClassTest, testing::ValuesIn(kRule5Text));

constexpr ClassCase kRule6Address[] = {
    {"connect 10.0.0.5", "connect <addr>"},
    {"connect 10.0.0.5: refused", "connect <addr>: refused"},
    {"connect 10.0.0.5.", "connect <addr>."},
    {"[10.0.0.5]:25", "[<addr>]:<n>"},
    {"host=10.0.0.5,port=1", "host=<addr>,port=<n>"},
    {"10.0.0.0/24", "<addr>/<n>"},
    {"10.0.0.5.nip.io", "<addr>.nip.io"},
    {"tcp:10.0.0.5:5432 x", "tcp:<addr> x"},
    {"10.0.0.5:123456", "<addr>:<n>"},
    {"connect ECONNREFUSED 2001:db8:0:0:0:0:0:1:5432", "connect ECONNREFUSED <addr>"},
    {"to 2001:db8:85a3::8a2e:370:7334 x", "to <addr> x"},
    {"to [2001:db8::8a2e:370:7334]:443 x", "to <addr> x"},
    {"to 2001:DB8::1:27017.", "to <addr>."},
    {"to fe80::1:2:3%eth0 x", "to <addr> x"},
    {"to [fe80::1:2:3%eth0]:80 x", "to <addr> x"},
    {"to ::ffff:10.0.0.5:5432 x", "to <addr> x"},
    {"mac 02:42:ac:11:00:02 x", "mac <addr> x"},
    {"key:2001:db8:1:2 x", "key:<addr> x"},
    {"connect ECONNREFUSED ::1:5432", "connect ECONNREFUSED ::<n>:<n>"},
    {"fe80::1", "fe80::<n>"},
    {"12:34:56", "<n>:<n>:<n>"},
    {"std::dead::beef::f", "std::dead::beef::f"},
    {"10.0.0.256", "<n>.<n>"},
    {"1.2.3", "<n>.<n>"},
    {"1.2.3.4.5", "<n>.<n>.<n>"},
    {"v10.0.0.5", "v10.<n>.<n>"},
    {"[a:b]", "[a:b]"},
    {"[2001:db8:1:2 x", "[<addr> x"},
};
INSTANTIATE_TEST_SUITE_P(Rule6Address, FailureClassTest, testing::ValuesIn(kRule6Address));

constexpr ClassCase kRule7Path[] = {
    {"open /var/data/x.eml failed", "open <path> failed"},
    {"/var/data", "<path>"},
    {"/var/data/x.js:12:5", "<path>:<n>:<n>"},
    {"f(/var/data)", "f(<path>)"},
    {"file=/var/data, /a/b", "file=<path>, <path>"},
    {"ENOENT:/var/data", "ENOENT:<path>"},
    {"a,/b/c", "a,<path>"},
    {"//server/share", "<path>"},
    {"/home/jane@example.org/in x", "<path> x"},
    {"/data/0191d5a0-7f3c-7000-8000-0123456789ab/x.eml", "<path>"},
    {"open C:\\Users\\jane\\x.txt failed", "open <path> failed"},
    {"open C:/Users/jane failed", "open <path> failed"},
    {"open C:\\Users\\Jane van Doe\\My Mail\\x.txt failed", "open <path> failed"},
    {"copy C:\\a\\b to D:\\c\\d", "copy <path> to <path>"},
    {"\\\\server\\share\\jane x", "<path> x"},
    {"GET /health", "GET /health"},
    {"GET /health/", "GET /health/"},
    {"and/or a/b/c", "and/or a/b/c"},
    {"./a/b ~/a/b", "./a/b ~/a/b"},
    {"text/html; [/a/b]", "text/html; [/a/b]"},
    {"DOMAIN\\jane", "DOMAIN\\jane"},
    {"a // b", "a // b"},
    {"C:\\", "C:\\"},
    {"abC:\\x", "abC:\\x"},
    {"\\\\server", "\\\\server"},
};
INSTANTIATE_TEST_SUITE_P(Rule7Path, FailureClassTest, testing::ValuesIn(kRule7Path));

constexpr ClassCase kRule8Hex[] = {
    {"key 5f2b8c01deadbeef", "key <hex>"},
    {"key DEADBEEF01", "key <hex>"},
    {"at 0x1F", "at <hex>"},
    {"at 0X00007ffe", "at <hex>"},
    {"sha d41d8cd98f00b204e9800998ecf8427e.", "sha <hex>."},
    {"#abcdef12", "#<hex>"},
    {"abcdef12/abcdef34", "<hex>/<hex>"},
    {"--abcdef12", "--<hex>"},
    {"a.1234567a", "a.<hex>"},
    {"0xa", "<hex>"},
    {"0x", "<n>x"},
    {"0xyz", "<n>xyz"},
    {"abcdef1", "abcdef1"},
    {"abcdefab", "abcdefab"},
    {"12345678", "<n>"},
    {"deadbeefcafe", "deadbeefcafe"},
    {"abcdef12-x", "abcdef12-x"},
    {"abcdefgh12345678", "<id>"},
};
INSTANTIATE_TEST_SUITE_P(Rule8Hex, FailureClassTest, testing::ValuesIn(kRule8Hex));

constexpr ClassCase kRule9Id[] = {
    {"user cus_NffrFeUfNV2Hib lost", "user cus_NffrFeUfNV2Hib lost"},
    {"source clx1y2z3a0000b4d2e5f6g7h8", "source <id>"},
    {"source clxdkhecsgb0000lrors3rglz", "source <id>"},  // a fifth of it digits
    {"source abcdefghijklmnopqr12", "source <id>"},
    {"source abcdefghijklmnopqrs1", "source abcdefghijklmnopqrs1"},  // one digit
    {"source abcdefghijklmnopq12", "source abcdefghijklmnopq12"},    // nineteen characters
    {"source ABCDEFGHIJKLMNOPQR12", "source ABCDEFGHIJKLMNOPQR12"},
    {"error_http2_stream_v12", "error_http2_stream_v12"},
    {"order-12345 not found", "<id> not found"},
    {"batch_12", "<id>"},
    {"message AAMkAGI2TAAABBBcccDDDeeeFFFgggHHH", "message <id>"},
    {"30000000ms", "<id>"},
    {"ab-12-cd", "<id>"},
    {"(abcdefg12345)", "(<id>)"},
    {"abcdefghijklmnopqrstuvwxyzabcdef", "<id>"},
    {"12345678901234567890123456789012", "<id>"},
    {"20260131T060729Z", "<id>"},
    {"abcdefghijklmnopqrstuvwxyzabcde", "abcdefghijklmnopqrstuvwxyzabcde"},
    {"abcdefg1", "abcdefg1"},
    {"abcdef1", "abcdef1"},
    {"abc12x7", "abc12x7"},
    {"1234-5678", "<n>-<n>"},
    {"ERR_HTTP2_STREAM_ERROR", "ERR_HTTP2_STREAM_ERROR"},
    {"ECONNREFUSED", "ECONNREFUSED"},
};
INSTANTIATE_TEST_SUITE_P(Rule9Id, FailureClassTest, testing::ValuesIn(kRule9Id));

constexpr ClassCase kRule10Number[] = {
    {"503", "<n>"},
    {"after 3000 ms", "after <n> ms"},
    {"after 3000ms", "after <n>ms"},
    {"98.5%", "<n>%"},
    {"1.5GB, 3KB/s", "<n>GB, <n>KB/s"},
    {"-5 (+7)", "-<n> (+<n>)"},
    {"#12 status=503", "#<n> status=<n>"},
    {"the 5th of 10", "the <n>th of <n>"},
    {"bytes 10-20/30", "bytes <n>-<n>/<n>"},
    {"call 555-123-4567", "call <n>-<n>-<n>"},
    {"1,234.5", "<n>,<n>"},
    {"job-12", "job-<n>"},
    {"12.", "<n>."},
    {"v1.5", "v1.<n>"},
    {"5mins", "5mins"},
    {"1.5mins", "1.5mins"},
    {"E11000", "E11000"},
    {"user_12", "user_12"},
    {"12_x", "12_x"},
    {"1e10", "1e10"},
    {"5ms2", "5ms2"},
    {"HTTP2", "HTTP2"},
};
INSTANTIATE_TEST_SUITE_P(Rule10Number, FailureClassTest, testing::ValuesIn(kRule10Number));

TEST(FailureClassLengthTest, CutsToACharacterCountWithAnEllipsis) {
  const std::string fits = Repeated("ab ", 39) + "abc";
  EXPECT_EQ(ClassifyFailure(fits), fits);
  EXPECT_EQ(ClassifyFailure(fits + "d"), Repeated("ab ", 39) + "ab\u2026");
  const std::string wide = Repeated("\u20ac", 121);
  EXPECT_EQ(ClassifyFailure(wide), Repeated("\u20ac", 119) + "\u2026");
  EXPECT_EQ(ClassifyFailure(Repeated("\u20ac", 120)), Repeated("\u20ac", 120));
}

TEST(FailureClassLengthTest, ReadsABoundedPartOfTheLine) {
  const std::string begin = "read \"" + std::string(300, 'x') + "\" " + std::string(195, '.');
  ASSERT_LT(begin.size(), kMaxReasonLineBytes);
  const std::string expected = "read <text> " + std::string(107, '.') + "\u2026";
  EXPECT_EQ(ClassifyFailure(begin + " 12"), expected);
  EXPECT_EQ(ClassifyFailure(begin + std::string(65536, '.')), expected);
}

// The limit falls into an address; what is before the limit must not be taken for a word.
TEST(FailureClassLengthTest, LeavesOutAWordThatTheLimitWouldSplit) {
  const std::string url = "https://example.org/" + std::string(474, 'x');
  EXPECT_EQ(ClassifyFailure(url + " from jane.doe@example.org"), "<url> from");
  EXPECT_EQ(ClassifyFailure(url + " at clx1y2z3a0000b4d2e5f6g7h8"), "<url> at");
  EXPECT_EQ(ClassifyFailure(std::string(600, 'x')), "<id>");
  EXPECT_EQ(ClassifyFailure("see https://example.org/" + std::string(600, 'x')), "see <url>");
}

TEST(FailureClassLengthTest, TextThatEndsBehindTheLimitIsQuotedText) {
  const std::string body = Repeated("Dear Jane, ", 100);
  EXPECT_EQ(ClassifyFailure("refused \"" + body + "\""), "refused <text>");
  EXPECT_EQ(ClassifyFailure("refused `" + body + "`"), "refused <text>");
  EXPECT_EQ(ClassifyFailure("refused '" + body + "'"), "refused <text>");
}

TEST(FailureClassLengthTest, IsLinearAndBoundedForHostileInput) {
  const std::vector<std::string_view> pieces = {
      "a",           "a@",
      "://",         "\"",
      "\\\"",        "'",
      " '",          " 'a'b",
      "`",           "1",
      "1.",          "1:",
      "::",          "[",
      "/",           " /",
      "=/",          "C:\\",
      "\\\\a",       "<",
      "<n>",         "\xFF",
      "\0"sv,        "\n",
      " ",           "0x",
      "2026-01-31 ", "\xE2\x82\xAC",
      "a:b::",       "0191d5a0-7f3c-7000-8000-",
      "%",           "-",
      "_",
  };
  for (const std::string_view piece : pieces) {
    const std::string text = ClassifyFailure(Repeated(piece, 65536 / piece.size()));
    EXPECT_TRUE(IsValidUtf8(text));
    EXPECT_GE(Characters(text), 1u);
    EXPECT_LE(Characters(text), kMaxClassCharacters);
  }
}

// Texts made of pieces that mean something to the rules, in all orders.
class RandomReasons {
 public:
  // With blanks between the pieces when `apart`.
  std::string Next(bool apart = false) {
    static constexpr std::string_view kPieces[] = {
        "a",   "Jane", "12",       "3.5",    " ",        "  ",     "\t",     ":",          "/",
        "\\",  "\"",   "'",        "`",      "@",        "://",    "-",      "_",          "%",
        "(",   ")",    "[",        "]",      "<",        ">",      "{",      "=",          ",",
        ".",   "0x",   "deadbeef", "\xFF",   "\0"sv,     "\n",     "\u00e9", "\u20ac",     "C:\\",
        "::",  "ff",   "ms",       "+01:00", "x@y.z",    "T",      "1:2",    "2026-01-31", "06:07",
        "//a", "/b/",  "null",     "failed", "10.0.0.5", "child ", "http",   "abcdefgh"};
    std::string text;
    const std::size_t pieces = Below(40);
    for (std::size_t i = 0; i < pieces; ++i) {
      text.append(kPieces[Below(std::size(kPieces))]);
      if (apart) text.append(" ");
    }
    return text;
  }

 private:
  std::size_t Below(std::size_t n) { return random_() % n; }

  std::mt19937 random_{20260131};  // NOLINT(cert-msc51-cpp): the same texts in every run
};

TEST(FailureClassPropertyTest, IsOneLineOfValidUtf8OfBoundedLength) {
  RandomReasons reasons;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = ClassifyFailure(reasons.Next());
    ASSERT_TRUE(IsValidUtf8(text)) << text;
    ASSERT_GE(Characters(text), 1u);
    ASSERT_LE(Characters(text), kMaxClassCharacters);
    ASSERT_EQ(text.find_first_of("\n\r\t\0"sv), std::string::npos) << text;
    ASSERT_EQ(text.find("  "), std::string::npos) << text;
    ASSERT_FALSE(text.front() == ' ' || text.back() == ' ') << text;
  }
}

// Where words stand apart: else what replaces a number or an address can free what touched it.
TEST(FailureClassPropertyTest, AClassThatWasNotCutIsItsOwnClass) {
  for (const ClassCase& c : kDocumented) EXPECT_EQ(ClassifyFailure(c.expected), c.expected);
  RandomReasons reasons;
  int compared = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string reason = reasons.Next(true);
    const std::string text = ClassifyFailure(reason);
    if (text.ends_with("\u2026")) continue;
    ASSERT_EQ(ClassifyFailure(text), text) << reason;
    ++compared;
  }
  EXPECT_GT(compared, 10000);
}

TEST(FailureClassPropertyTest, NothingPersonalIsLeft) {
  RandomReasons reasons;
  for (int i = 0; i < 5000; ++i) {
    for (const std::string_view secret : {"zoe.q@example.org", "\"zoe.q\"", "https://zoe.q/x",
                                          "/home/zoe.q", "C:\\zoe.q\\x", "`zoe.q`"}) {
      const std::string text = ClassifyFailure("to " + std::string(secret) + " " + reasons.Next());
      ASSERT_EQ(text.find("zoe"), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace bullmq_exporter
