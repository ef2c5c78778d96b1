#include "exporter/inspect/job_list.h"

#include "exporter/base/clock.h"
#include "exporter/inspect/job_json.h"
#include "exporter/inspect/json_writer.h"
#include "exporter/inspect/queue_place.h"

namespace bullmq_exporter {
namespace {

void WritePagination(JsonWriter& json, const JobListQuery& query, std::int64_t total) {
  json.Key("pagination");
  json.StartObject();
  json.Key("currentPage");
  json.Integer(query.page);
  json.Key("totalPages");
  json.Integer((total + query.limit - 1) / query.limit);
  json.Key("totalJobs");
  json.Integer(total);
  json.Key("limit");
  json.Integer(query.limit);
  json.EndObject();
}

// As if the job's payloads had not been read.
void Withhold(Job& job) {
  for (Payload& payload : job.payloads) {
    if (!payload.text) continue;
    payload.withheld_bytes = static_cast<std::int64_t>(payload.text->size());
    payload.text.reset();
  }
}

std::shared_ptr<const std::string> Render(const QueuePlace& place, bool with_place,
                                          const JobListQuery& query, std::size_t max_bytes,
                                          JobPage page) {
  JsonWriter json;
  json.StartObject();
  WritePlace(json, place, with_place);
  json.Key("counts");
  WriteJobCounts(json, page.counts);
  json.Key("jobs");
  json.StartArray();
  for (Job& job : page.jobs) {
    // Escapes make a payload up to six times as long as it was read, and a reason stands twice.
    if (json.size() > max_bytes) Withhold(job);
    WriteJob(json, job);
  }
  json.EndArray();
  WritePagination(json, query, page.counts[Index(query.status)]);
  json.EndObject();
  return json.Take();
}

InspectionResult ReadAndRender(const QueuePlace& place, bool with_place, const JobListQuery& query,
                               std::size_t max_bytes, SteadyClock::time_point deadline) {
  const JobPageRequest request{.state = query.status,
                               .offset = (query.page - 1) * query.limit,
                               .limit = query.limit,
                               .newest_first = query.newest_first};
  auto page = place.target->reader->ReadPage(place.id, request, deadline);
  if (page) return Render(place, with_place, query, max_bytes, *std::move(page));
  const ReadFailure& failure = page.error();
  if (failure.queue_only) return tl::make_unexpected(QueueUnreadable(query.queue, failure.error));
  return tl::make_unexpected(RedisUnavailable(place.target->name, failure.error));
}

// Equal for two queries on the same place where the answers are. Lengths keep the names apart.
std::string QuestionOf(const QueuePlace& place, const JobListQuery& query) {
  std::string question = std::to_string(place.id.prefix.size());
  for (const std::int64_t number : {static_cast<std::int64_t>(query.status), query.page,
                                    query.limit, static_cast<std::int64_t>(query.newest_first)}) {
    question += ' ';
    question += std::to_string(number);
  }
  return question + ' ' + place.id.prefix + place.id.name;
}

}  // namespace

InspectionResult ListJobs(const InspectedTargets& targets, const ApiConfig& config,
                          const JobListQuery& query) {
  const SteadyClock::time_point deadline = SteadyClock::now() + config.timeout;
  const auto place = FindQueue(targets, query.queue, query.selection, query.visible, deadline);
  if (!place) return tl::make_unexpected(place.error());
  return place->target->answers->Get(
      QuestionOf(*place, query), deadline,
      [&] {
        return ReadAndRender(*place, HasSeveralPlaces(targets), query, config.max_response_bytes,
                             deadline);
      },
      [&] { return RedisUnavailable(place->target->name, Error{ErrorCode::kTimeout, ""}); });
}

}  // namespace bullmq_exporter
