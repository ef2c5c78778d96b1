#include "exporter/http/jobs_params.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "exporter/model/job_state.h"

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kMaxInteger = 2147483647;

tl::unexpected<ParameterFault> Fault(std::string message) {
  return tl::make_unexpected(ParameterFault{std::move(message)});
}

// The value of a parameter; null when it is not there, a fault when it is there twice.
tl::expected<const std::string*, ParameterFault> Single(
    const std::vector<QueryParameter>& parameters, std::string_view name) {
  const std::string* value = nullptr;
  for (const QueryParameter& parameter : parameters) {
    if (parameter.name != name) continue;
    if (value != nullptr) {
      return Fault("Parameter " + std::string(name) + " may be given only once");
    }
    value = &parameter.value;
  }
  return value;
}

tl::expected<std::int64_t, ParameterFault> Integer(const std::vector<QueryParameter>& parameters,
                                                   std::string_view name, std::int64_t fallback,
                                                   std::int64_t largest) {
  const auto text = Single(parameters, name);
  if (!text) return tl::make_unexpected(text.error());
  if (*text == nullptr) return fallback;
  const std::string& digits = **text;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool number = error == std::errc() && end == digits.data() + digits.size();
  if (!number || value < 1 || value > largest) {  // "-1" is a number for from_chars, and below 1
    return Fault("Parameter " + std::string(name) + " must be a whole number from 1 to " +
                 std::to_string(largest));
  }
  return value;
}

tl::expected<JobState, ParameterFault> Status(const std::vector<QueryParameter>& parameters,
                                              JobState fallback) {
  const auto text = Single(parameters, "status");
  if (!text) return tl::make_unexpected(text.error());
  if (*text == nullptr) return fallback;
  if (const std::optional<JobState> state = ParseJobState(**text)) return *state;
  std::string allowed;
  for (const JobState state : kJobStates) {
    if (!allowed.empty()) allowed += ", ";
    allowed += JobStateName(state);
  }
  return Fault("Parameter status must be one of " + allowed);
}

tl::expected<bool, ParameterFault> NewestFirst(const std::vector<QueryParameter>& parameters) {
  const auto text = Single(parameters, "order");
  if (!text) return tl::make_unexpected(text.error());
  if (*text == nullptr || **text == "asc") return false;
  if (**text == "desc") return true;
  return Fault("Parameter order must be asc or desc");
}

tl::expected<QueueSelection, ParameterFault> Selection(
    const std::vector<QueryParameter>& parameters) {
  const auto redis = Single(parameters, "redis");
  if (!redis) return tl::make_unexpected(redis.error());
  const auto prefix = Single(parameters, "prefix");
  if (!prefix) return tl::make_unexpected(prefix.error());
  QueueSelection selection;
  if (*redis != nullptr) selection.redis = **redis;
  if (*prefix != nullptr) selection.prefix = **prefix;
  return selection;
}

}  // namespace

tl::expected<QueueListQuery, ParameterFault> ParseQueueListParams(
    const std::vector<QueryParameter>& parameters) {
  auto selection = Selection(parameters);
  if (!selection) return tl::make_unexpected(selection.error());
  QueueListQuery query;
  query.selection = *std::move(selection);
  return query;
}

tl::expected<JobListQuery, ParameterFault> ParseJobListParams(
    const std::vector<QueryParameter>& parameters, std::int64_t max_page_size) {
  JobListQuery query;
  const auto status = Status(parameters, query.status);
  if (!status) return tl::make_unexpected(status.error());
  const auto page = Integer(parameters, "page", query.page, kMaxInteger);
  if (!page) return tl::make_unexpected(page.error());
  // The default limit holds whatever the largest page is configured to be.
  const auto limit =
      Integer(parameters, "limit", std::min(query.limit, max_page_size), max_page_size);
  if (!limit) return tl::make_unexpected(limit.error());
  const auto newest_first = NewestFirst(parameters);
  if (!newest_first) return tl::make_unexpected(newest_first.error());
  auto selection = Selection(parameters);
  if (!selection) return tl::make_unexpected(selection.error());
  query.status = *status;
  query.page = *page;
  query.limit = *limit;
  query.newest_first = *newest_first;
  query.selection = *std::move(selection);
  return query;
}

}  // namespace bullmq_exporter
