#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// A label beside those that all series of a family share; `value` is any bytes.
struct ExtraLabel {
  std::string_view name;
  std::string_view value;
};

// Writes lines of samples, `name{labels} value`, which are the same in both formats. What is empty
// is not written: an absent value makes no series. For one thread.
class SampleWriter {
 public:
  // Appends to `out`, which must outlive this.
  explicit SampleWriter(std::string& out) : out_(out) {}

  // What the lines from now on begin with. `labels` is a block as AppendLabel writes it, joined by
  // commas, or empty. Both must stay while lines are written.
  void Begin(std::string_view name, std::string_view labels) {
    name_ = name;
    labels_ = labels;
  }

  using Labels = std::initializer_list<ExtraLabel>;
  void Count(std::optional<std::int64_t> value, Labels labels = {});
  void Flag(std::optional<bool> value, Labels labels = {});
  void Number(std::optional<double> value, Labels labels = {});
  void TimeMs(std::optional<std::int64_t> milliseconds, Labels labels = {});  // written in seconds

 private:
  void BeginLine(Labels labels);

  std::string& out_;
  std::string_view name_;
  std::string_view labels_;
};

}  // namespace bullmq_exporter
