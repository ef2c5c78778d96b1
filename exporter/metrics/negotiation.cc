#include "exporter/metrics/negotiation.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

namespace bullmq_exporter {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Cuts off and returns what stands before the next `separator`.
std::string_view TakeUntil(char separator, std::string_view& text) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return Trim(part);
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// One element of either header: `application/openmetrics-text;version=1.0.0;q=0.5`.
struct Choice {
  std::string_view value;
  std::string_view version;
  double quality = 1;
};

Choice ParseChoice(std::string_view element) {
  Choice choice;
  choice.value = TakeUntil(';', element);
  while (!element.empty()) {
    std::string_view parameter = TakeUntil(';', element);
    const std::string_view name = TakeUntil('=', parameter);
    if (EqualIgnoringCase(name, "version")) choice.version = parameter;
    if (EqualIgnoringCase(name, "q")) {
      const auto [end, error] =
          std::from_chars(parameter.data(), parameter.data() + parameter.size(), choice.quality);
      if (error != std::errc()) choice.quality = 0;
    }
  }
  return choice;
}

template <class Visit>
void ForEachChoice(std::string_view header, Visit visit) {
  while (!header.empty()) visit(ParseChoice(TakeUntil(',', header)));
}

}  // namespace

ScrapeFormat NegotiateScrape(std::string_view accept, std::string_view accept_encoding) {
  double open_metrics = 0;
  double text = 0;
  ForEachChoice(accept, [&](const Choice& choice) {
    if (EqualIgnoringCase(choice.value, "application/openmetrics-text") &&
        (choice.version.empty() || choice.version == "1.0.0")) {
      open_metrics = std::max(open_metrics, choice.quality);
    }
    if (EqualIgnoringCase(choice.value, "text/plain")) text = std::max(text, choice.quality);
  });

  double gzip = 0;
  double any_encoding = 0;
  bool gzip_named = false;
  ForEachChoice(accept_encoding, [&](const Choice& choice) {
    if (EqualIgnoringCase(choice.value, "gzip")) {
      gzip_named = true;
      gzip = std::max(gzip, choice.quality);
    }
    if (choice.value == "*") any_encoding = choice.quality;
  });
  if (!gzip_named) gzip = any_encoding;

  return {open_metrics > text ? ExpositionFormat::kOpenMetrics : ExpositionFormat::kText, gzip > 0};
}

}  // namespace bullmq_exporter
