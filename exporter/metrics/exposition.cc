#include "exporter/metrics/exposition.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "exporter/base/build_info.h"
#include "exporter/metrics/build_info_collector.h"
#include "exporter/metrics/collectors.h"
#include "exporter/metrics/process_collector.h"
#include "exporter/metrics/registry_collector.h"
#include "exporter/metrics/settings_collector.h"
#include "exporter/metrics/target_renderer.h"

namespace bullmq_exporter {
namespace {

constexpr std::array kFormats = {ExpositionFormat::kText, ExpositionFormat::kOpenMetrics};

std::vector<SnapshotMetric> SortedMetrics(const std::vector<Compatibility>& compatibility) {
  std::vector<SnapshotMetric> metrics;
  const Collectors collectors = AllCollectors(compatibility);
  metrics.insert(metrics.end(), collectors.queue.begin(), collectors.queue.end());
  metrics.insert(metrics.end(), collectors.target.begin(), collectors.target.end());
  std::sort(metrics.begin(), metrics.end(),
            [](const auto& a, const auto& b) { return FamilyOf(a).name < FamilyOf(b).name; });
  return metrics;
}

std::vector<TextFamily> ConstantFamilies(const ExpositionSettings& settings) {
  std::vector<TextFamily> families =
      SettingsFamilies(settings.poll_interval, settings.failures_window);
  families.push_back(BuildInfoFamily(GetBuildInfo()));
  return families;
}

std::shared_ptr<const DeflatedPiece> MakePiece(PieceWriter& writer, std::string_view text) {
  writer.Append(text);
  return std::make_shared<const DeflatedPiece>(writer.Finish());
}

using Headers = std::array<PieceList, kFormats.size()>;  // by format, then by metric

Headers MakeHeaders(const std::vector<SnapshotMetric>& metrics) {
  Headers headers;
  PieceWriter writer;
  for (const ExpositionFormat format : kFormats) {
    for (const SnapshotMetric& metric : metrics) {
      std::string text;
      AppendFamilyHeader(format, FamilyOf(metric), text);
      headers[static_cast<std::size_t>(format)].push_back(MakePiece(writer, text));
    }
  }
  return headers;
}

// Puts the families of a scrape together: deflated ones as they are, text ones deflated in between.
class ScrapeAssembly {
 public:
  explicit ScrapeAssembly(ExpositionFormat format) : format_(format) {}

  void Add(const TextFamily& family) {
    if (family.samples.empty()) return;
    AppendFamilyHeader(format_, family.Header(), text_);
    text_.append(family.samples);
  }

  void Add(std::shared_ptr<const DeflatedPiece> piece) {
    CloseText();
    pieces_.push_back(std::move(piece));
  }

  PieceList Finish() {
    if (format_ == ExpositionFormat::kOpenMetrics) text_.append("# EOF\n");
    CloseText();
    return std::move(pieces_);
  }

 private:
  void CloseText() {
    if (text_.empty()) return;
    pieces_.push_back(MakePiece(writer_, text_));
    text_.clear();
  }

  const ExpositionFormat format_;
  PieceWriter writer_;
  std::string text_;
  PieceList pieces_;
};

}  // namespace

struct Exposition::State {
  State(const ExpositionSettings& settings, const prometheus::Registry& own)
      : registry(own),
        metrics(SortedMetrics(settings.compatibility)),
        headers(MakeHeaders(metrics)),
        constants(ConstantFamilies(settings)) {}

  const prometheus::Registry& registry;
  const ProcessCollector process;
  const std::vector<SnapshotMetric> metrics;
  const Headers headers;
  const std::vector<TextFamily> constants;

  using TargetPieces = std::shared_ptr<const PieceList>;
  mutable std::mutex mutex;  // held to copy pointers, never to render
  std::map<std::string, TargetPieces, std::less<>> targets;

  TargetPieces PiecesOf(std::string_view target) const {
    const std::lock_guard lock(mutex);
    const auto found = targets.find(target);
    return found == targets.end() ? nullptr : found->second;
  }

  std::vector<TargetPieces> PiecesOfAll() const {
    const std::lock_guard lock(mutex);
    std::vector<TargetPieces> all;
    all.reserve(targets.size());
    for (const auto& [target, pieces] : targets) all.push_back(pieces);
    return all;
  }

  // Sorted by name.
  std::vector<TextFamily> CollectText() const {
    std::vector<TextFamily> families = CollectRegistry(registry);
    std::ranges::move(process.Collect(), std::back_inserter(families));
    families.insert(families.end(), constants.begin(), constants.end());
    std::ranges::sort(families, {}, &TextFamily::name);
    return families;
  }
};

Exposition::Exposition(const ExpositionSettings& settings, const prometheus::Registry& registry)
    : state_(std::make_unique<State>(settings, registry)) {}

Exposition::~Exposition() = default;

void Exposition::Update(const std::shared_ptr<const Snapshot>& snapshot) {
  const State::TargetPieces previous = state_->PiecesOf(snapshot->target);
  auto pieces = std::make_shared<const PieceList>(
      RenderTarget(state_->metrics, *snapshot, previous ? *previous : PieceList{}));
  const std::lock_guard lock(state_->mutex);
  std::swap(state_->targets[snapshot->target], pieces);
}

ScrapeBody Exposition::Scrape(ExpositionFormat format, bool gzip) const {
  const std::vector<State::TargetPieces> targets = state_->PiecesOfAll();
  const std::vector<TextFamily> texts = state_->CollectText();
  const PieceList& headers = state_->headers[static_cast<std::size_t>(format)];
  ScrapeAssembly scrape(format);
  auto text = texts.begin();
  for (std::size_t i = 0; i < state_->metrics.size(); ++i) {
    const std::string_view name = FamilyOf(state_->metrics[i]).name;
    for (; text != texts.end() && text->name < name; ++text) scrape.Add(*text);
    bool header_written = false;
    for (const State::TargetPieces& pieces : targets) {
      if ((*pieces)[i] == nullptr) continue;
      if (!std::exchange(header_written, true)) scrape.Add(headers[i]);
      scrape.Add((*pieces)[i]);
    }
  }
  for (; text != texts.end(); ++text) scrape.Add(*text);
  return {format, gzip, scrape.Finish()};
}

}  // namespace bullmq_exporter
