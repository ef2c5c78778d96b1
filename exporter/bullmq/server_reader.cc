#include "exporter/bullmq/server_reader.h"

#include "exporter/bullmq/server_info_reader.h"

namespace bullmq_exporter {
namespace {

Result<std::int64_t> TimeMs(const Reply& time) {
  if (time.is_error()) return Fail(ErrorOf(time).In("TIME"));
  if (time.elements.size() == 2) {
    const auto seconds = time.elements[0].AsInteger();
    const auto micros = time.elements[1].AsInteger();
    if (seconds && micros) return *seconds * 1000 + *micros / 1000;
  }
  return Fail(ErrorCode::kOther, "TIME is no time");
}

}  // namespace

Result<ServerAnswers> ReadServer(RedisClient& client, const ExchangeLimits& limits,
                                 const ServerQuestions& questions, const QueueFilter& filter) {
  Pipeline pipeline;
  const std::size_t time = pipeline.Add(Route::kAnyNode, {"TIME"});
  std::optional<std::size_t> info;
  std::optional<std::size_t> workers;
  if (questions.info) info = AddServerInfoQuestion(pipeline);
  if (questions.workers) workers = AddWorkerQuestion(pipeline);
  const auto replies = client.Execute(pipeline, limits);
  if (!replies && replies.error().code == ErrorCode::kTooLarge && questions.workers) {
    // So many clients that their list is larger than an exchange may be.
    auto answers = ReadServer(client, limits, {.info = questions.info}, filter);
    if (answers) answers->workers = Fail(replies.error().In("CLIENT LIST"));
    return answers;
  }
  if (!replies) return Fail(replies.error());
  ServerAnswers answers;
  answers.now_ms = TimeMs((*replies)[time]);
  if (info) answers.info = ReadServerInfo(*replies, *info, client.Address());
  if (workers) answers.workers = ReadWorkers(*replies, *workers, filter);
  return answers;
}

}  // namespace bullmq_exporter
