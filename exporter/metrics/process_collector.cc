#include "exporter/metrics/process_collector.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "exporter/base/read_file.h"
#include "exporter/metrics/sample_writer.h"

namespace bullmq_exporter {
namespace {

std::string Content(const std::string& path) {
  constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
  return ReadFile(path, kMaxBytes).value_or("");
}

std::optional<std::int64_t> ParseNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

double SecondsOf(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double BootSeconds() { return SecondsOf(CLOCK_REALTIME) - SecondsOf(CLOCK_BOOTTIME); }

// The numbers of /proc/self/stat as proc(5) numbers them, from field 4 on.
class ProcessStat {
 public:
  explicit ProcessStat(const std::string& proc) {
    const std::string stat = Content(proc + "/self/stat");
    // Field 2 is the program's name in brackets, which may hold blanks and brackets.
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) return;
    std::string_view rest = std::string_view(stat).substr(name_end + 1);
    while (!rest.empty()) {
      const std::size_t begin = rest.find_first_not_of(' ');
      if (begin == std::string_view::npos) break;
      const std::size_t end = std::min(rest.find(' ', begin), rest.size());
      fields_.push_back(ParseNumber(rest.substr(begin, end - begin)));
      rest.remove_prefix(end);
    }
  }

  [[nodiscard]] std::optional<std::int64_t> Field(std::size_t number) const {
    constexpr std::size_t kFirst = 3;
    return number - kFirst < fields_.size() ? fields_[number - kFirst] : std::nullopt;
  }

 private:
  std::vector<std::optional<std::int64_t>> fields_;
};

std::optional<std::int64_t> CountOpenFiles(const std::string& proc) {
  std::error_code error;
  std::int64_t count = 0;
  auto entry = std::filesystem::directory_iterator(proc + "/self/fd", error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  if (error || count == 0) return std::nullopt;
  return count - 1;  // one is the folder that is being read
}

std::optional<std::int64_t> MaxOpenFiles() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<std::int64_t>(limit.rlim_cur);
}

template <class Value, class Write>
void Add(std::vector<TextFamily>& to, std::string name, MetricType type, std::string help,
         Value value, Write write) {
  TextFamily family{std::move(name), type, std::move(help), {}};
  SampleWriter out(family.samples);
  out.Begin(family.name, {});
  (out.*write)(value, {});
  to.push_back(std::move(family));
}

std::optional<double> InSeconds(std::optional<std::int64_t> ticks) {
  if (!ticks) return std::nullopt;
  return static_cast<double>(*ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessCollector::ProcessCollector(std::string proc)
    : proc_(std::move(proc)), boot_seconds_(BootSeconds()) {}

std::vector<TextFamily> ProcessCollector::Collect() const {
  const ProcessStat stat(proc_);
  std::optional<double> cpu_seconds;
  if (const auto user = stat.Field(14), system = stat.Field(15); user && system) {
    cpu_seconds = InSeconds(*user + *system);
  }
  std::optional<double> start_seconds = InSeconds(stat.Field(22));
  if (start_seconds) *start_seconds += boot_seconds_;
  std::optional<std::int64_t> resident = stat.Field(24);
  if (resident) *resident *= sysconf(_SC_PAGESIZE);

  std::vector<TextFamily> families;
  Add(families, "process_cpu_seconds_total", MetricType::kCounter,
      "Total user and system CPU time spent in seconds.", cpu_seconds, &SampleWriter::Number);
  Add(families, "process_start_time_seconds", MetricType::kGauge,
      "Start time of the process since unix epoch in seconds.", start_seconds,
      &SampleWriter::Number);
  Add(families, "process_resident_memory_bytes", MetricType::kGauge,
      "Resident memory size in bytes.", resident, &SampleWriter::Count);
  Add(families, "process_virtual_memory_bytes", MetricType::kGauge, "Virtual memory size in bytes.",
      stat.Field(23), &SampleWriter::Count);
  Add(families, "process_threads", MetricType::kGauge, "Number of OS threads in the process.",
      stat.Field(20), &SampleWriter::Count);
  Add(families, "process_open_fds", MetricType::kGauge, "Number of open file descriptors.",
      CountOpenFiles(proc_), &SampleWriter::Count);
  Add(families, "process_max_fds", MetricType::kGauge, "Maximum number of open file descriptors.",
      MaxOpenFiles(), &SampleWriter::Count);
  return families;
}

}  // namespace bullmq_exporter
