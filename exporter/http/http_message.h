#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bullmq_exporter {

struct HttpHeader {
  std::string name;
  std::string value;  // without white space around it
};

struct QueryParameter {
  std::string name;
  std::string value;
};

// One request, as its sender wrote it but for what the members say. It has no body: none is read.
struct HttpRequest {
  std::string method;             // upper case, one of RFC 9110's or PATCH
  std::string target;             // raw: "/v1/jobs/queues/a%2Fb?page=2"
  std::vector<std::string> path;  // decoded segments: {"v1", "jobs", "queues", "a/b"}; "/" has none
  std::vector<QueryParameter> query;  // decoded, in order, equal names too
  std::vector<HttpHeader> headers;    // in order
  std::string remote_address;         // of the peer, without its port

  // The value of the first header of this name (in any case).
  [[nodiscard]] std::optional<std::string_view> Header(std::string_view name) const;

  // The values of all headers of this name as one list, "a, b", as RFC 9110 defines it; empty when
  // there is none.
  [[nodiscard]] std::string HeaderList(std::string_view name) const;
};

// Takes a piece of a body; false when the client has gone or its deadline has passed.
using BodySink = std::function<bool(std::string_view piece)>;

// A body that is written when it is sent, so that it is never held twice.
struct StreamedBody {
  std::size_t size = 0;
  // Gives `size` bytes to the sink, in pieces; false, and the connection is closed, when it cannot
  // or the sink said false. Called at most once, not at all for HEAD. It owns what it reads from.
  std::function<bool(const BodySink& sink)> write;
};

// What became of a response.
struct ResponseOutcome {
  int status = 0;
  double seconds = 0;  // from the whole head of the request to the last byte handed to the kernel
  bool sent = false;   // false: the client went away or was too slow
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<HttpHeader> headers;  // beside Content-Type and Content-Length
  std::variant<std::string, StreamedBody> body;
  // Called once when the response has been sent or given up, in the connection's thread.
  std::function<void(const ResponseOutcome&)> done;

  [[nodiscard]] std::size_t BodySize() const;
};

// How a listener words its errors.
enum class ErrorFormat {
  kText,  // the message and a newline
  kJson,  // {"message":"…"}, for no cache to keep
};

[[nodiscard]] HttpResponse ErrorResponse(ErrorFormat format, int status, std::string_view message);

// `text` as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string JsonString(std::string_view text);

// Whether `a` and `b` are equal when ASCII letters are taken as equal in both cases.
[[nodiscard]] bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace bullmq_exporter
