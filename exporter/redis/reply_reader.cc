#include "exporter/redis/reply_reader.h"

#include <hiredis/read.h>

#include <algorithm>
#include <string>
#include <utility>

namespace bullmq_exporter {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxLine = 64 << 10;
// Enough for any `$<length>`.
constexpr std::size_t kMaxBulkHeader = 32;
// What hiredis keeps of an empty buffer, so that it does not give back and ask for memory at each
// read.
constexpr std::size_t kKeptBuffer = 256 << 10;

struct FreeReader {
  void operator()(redisReader* reader) const { redisReaderFree(reader); }
};

}  // namespace

// hiredis reads all replies as the elements of one array whose header is made up here. So it writes
// each value straight into its place, calls back without a step for each reply, and moves its
// buffer once for each piece fed.
struct ReplyReader::Parser {
  Reply root;
  std::size_t budget = 0;  // bytes that may still be received or taken by elements of arrays
  std::size_t commands = 0;
  Error failure;  // why a callback refused a value
  std::unique_ptr<redisReader, FreeReader> reader;

  // The place of the value that is being read.
  static Reply& Place(const redisReadTask* task) {
    if (task->parent == nullptr) return static_cast<Parser*>(task->privdata)->root;
    return static_cast<Reply*>(task->parent->obj)->elements[static_cast<std::size_t>(task->idx)];
  }

  static void* Refuse(const redisReadTask* task, ErrorCode code, std::string message) {
    static_cast<Parser*>(task->privdata)->failure = {code, std::move(message)};
    return nullptr;
  }

  static void* RefuseType(const redisReadTask* task) {
    return Refuse(task, ErrorCode::kProtocol, "a reply of a type that RESP2 does not have");
  }

  static void* CreateString(const redisReadTask* task, char* text, std::size_t size) {
    if (task->type != REDIS_REPLY_STRING && task->type != REDIS_REPLY_STATUS &&
        task->type != REDIS_REPLY_ERROR) {
      return RefuseType(task);
    }
    Reply& reply = Place(task);
    reply.type = task->type == REDIS_REPLY_ERROR ? Reply::Type::kError : Reply::Type::kString;
    reply.text.assign(text, size);
    return &reply;
  }

  static void* CreateArray(const redisReadTask* task, std::size_t size) {
    if (task->type != REDIS_REPLY_ARRAY) return RefuseType(task);
    auto& parser = *static_cast<Parser*>(task->privdata);
    int depth = 0;
    for (const redisReadTask* p = task->parent; p != nullptr; p = p->parent) ++depth;
    if (depth > kMaxDepth) return Refuse(task, ErrorCode::kProtocol, "arrays nested too deeply");
    if (depth > 0) {  // the elements of the root were counted by the caller
      if (size > parser.budget / sizeof(Reply)) {
        return Refuse(task, ErrorCode::kTooLarge, "an array larger than the exchange may be");
      }
      parser.budget -= size * sizeof(Reply);
    }
    Reply& reply = Place(task);
    reply.type = Reply::Type::kArray;
    reply.elements.resize(size);
    return &reply;
  }

  static void* CreateInteger(const redisReadTask* task, long long value) {
    if (task->type != REDIS_REPLY_INTEGER) return RefuseType(task);
    Reply& reply = Place(task);
    reply.type = Reply::Type::kInteger;
    reply.integer = value;
    return &reply;
  }

  static void* CreateNil(const redisReadTask* task) {
    if (task->type == REDIS_REPLY_NIL) return RefuseType(task);
    return &Place(task);
  }

  static void* CreateDouble(const redisReadTask* task, double, char*, std::size_t) {
    return RefuseType(task);
  }
  static void* CreateBool(const redisReadTask* task, int) { return RefuseType(task); }

  static void FreeNothing(void*) {}  // every value is a part of `root`

  bool Parse() const {
    void* result = nullptr;
    return redisReaderGetReply(reader.get(), &result) == REDIS_OK;
  }

  Result<void> Failure() {
    if (failure.message.empty()) failure = {ErrorCode::kProtocol, reader->errstr};
    return Fail(failure);
  }

  // hiredis looks for the end of a line from its start at each piece: bounded here.
  bool LineIsTooLong() const {
    const std::size_t waiting = reader->len - reader->pos;
    if (reader->ridx < 0 || waiting <= kMaxLine) return false;
    if (reader->task[reader->ridx]->type != REDIS_REPLY_STRING) return true;
    return std::string_view(reader->buf + reader->pos, kMaxBulkHeader).find('\n') ==
           std::string_view::npos;
  }
};

ReplyReader::ReplyReader(std::size_t replies, const ExchangeLimits& limits)
    : parser_(std::make_unique<Parser>()) {
  static redisReplyObjectFunctions functions = {
      Parser::CreateString, Parser::CreateArray, Parser::CreateInteger, Parser::CreateDouble,
      Parser::CreateNil,    Parser::CreateBool,  Parser::FreeNothing};
  parser_->commands = replies;
  parser_->budget = limits.max_bytes;
  parser_->reader.reset(redisReaderCreateWithFunctions(&functions));
  redisReader& reader = *parser_->reader;
  reader.privdata = parser_.get();
  reader.maxbuf = kKeptBuffer;
  reader.maxelements = 0;
  const std::string header = "*" + std::to_string(replies) + "\r\n";
  redisReaderFeed(&reader, header.data(), header.size());
  parser_->Parse();
  reader.maxelements = static_cast<long long>(limits.max_elements);
}

ReplyReader::~ReplyReader() = default;

Result<void> ReplyReader::Feed(std::string_view bytes) {
  if (done()) return Fail(ErrorCode::kProtocol, "more replies than commands");
  if (bytes.size() > parser_->budget) {
    return Fail(ErrorCode::kTooLarge, "more bytes than the exchange may receive");
  }
  parser_->budget -= bytes.size();
  redisReader* reader = parser_->reader.get();
  if (redisReaderFeed(reader, bytes.data(), bytes.size()) != REDIS_OK || !parser_->Parse()) {
    return parser_->Failure();
  }
  if (done() && reader->pos < reader->len) {
    return Fail(ErrorCode::kProtocol, "more replies than commands");
  }
  if (parser_->LineIsTooLong()) return Fail(ErrorCode::kProtocol, "a line without an end");
  return {};
}

bool ReplyReader::done() const { return parser_->reader->ridx < 0; }

std::size_t ReplyReader::finished() const {
  if (done()) return parser_->commands;
  const redisReader& reader = *parser_->reader;
  return reader.ridx == 0 ? 0 : static_cast<std::size_t>(reader.task[1]->idx);
}

const std::vector<Reply>& ReplyReader::replies() const { return parser_->root.elements; }

std::vector<Reply> ReplyReader::Take() { return std::move(parser_->root.elements); }

}  // namespace bullmq_exporter
