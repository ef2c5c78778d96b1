#include "exporter/http/content_negotiation.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "exporter/http/http_message.h"

namespace bullmq_exporter {
namespace {

// One element of such a header: "text/plain; version=0.0.4; q=0.5".
struct Choice {
  std::string_view name;
  std::string_view version;  // empty: none
  int quality = 1000;        // thousandths
};

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes off and returns what stands before the next `separator`.
std::string_view TakeUntil(std::string_view& text, char separator) {
  const std::string_view taken = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), taken.size() + 1));
  return Trim(taken);
}

// "1", "0.75", at most three decimals. What is no quality counts as 0: not wanted.
int ParseQuality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  if (text.size() > 1 && text[1] != '.') return 0;
  std::string digits(text.size() > 2 ? text.substr(2) : std::string_view());
  digits.resize(3, '0');
  int decimals = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), decimals);
  if (error != std::errc() || end != digits.data() + digits.size() || decimals < 0) return 0;
  return std::min(1000, (text[0] - '0') * 1000 + decimals);
}

std::vector<Choice> ParseChoices(std::string_view header) {
  std::vector<Choice> choices;
  while (!header.empty()) {
    std::string_view element = TakeUntil(header, ',');
    Choice choice{TakeUntil(element, ';'), {}, 1000};
    while (!element.empty()) {
      std::string_view value = TakeUntil(element, ';');
      const std::string_view name = TakeUntil(value, '=');
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      if (EqualsIgnoringCase(name, "q")) choice.quality = ParseQuality(Trim(value));
      if (EqualsIgnoringCase(name, "version")) choice.version = Trim(value);
    }
    if (!choice.name.empty()) choices.push_back(choice);
  }
  return choices;
}

// The highest quality of the choices of this name, with this version or none.
std::optional<int> Quality(const std::vector<Choice>& choices, std::string_view name,
                           std::string_view version) {
  std::optional<int> quality;
  for (const Choice& choice : choices) {
    if (!EqualsIgnoringCase(choice.name, name)) continue;
    if (!choice.version.empty() && choice.version != version) continue;
    quality = std::max(quality.value_or(0), choice.quality);
  }
  return quality;
}

// The quality by the most specific of the names that the choices have; else 0.
int QualityOfFirst(const std::vector<Choice>& choices,
                   std::initializer_list<std::string_view> names, std::string_view version) {
  for (const std::string_view name : names) {
    if (const std::optional<int> quality = Quality(choices, name, version)) return *quality;
  }
  return 0;
}

}  // namespace

bool PrefersOpenMetrics(std::string_view accept) {
  const std::vector<Choice> choices = ParseChoices(accept);
  const int open_metrics = QualityOfFirst(choices, {"application/openmetrics-text"}, "1.0.0");
  const int text = QualityOfFirst(choices, {"text/plain", "text/*", "*/*"}, "0.0.4");
  return open_metrics > 0 && open_metrics >= text;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  const std::vector<Choice> choices = ParseChoices(accept_encoding);
  const int gzip = QualityOfFirst(choices, {"gzip", "x-gzip", "*"}, "");
  return gzip > 0 && gzip >= Quality(choices, "identity", "").value_or(0);
}

}  // namespace bullmq_exporter
