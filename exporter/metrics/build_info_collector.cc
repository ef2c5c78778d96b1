#include "exporter/metrics/build_info_collector.h"

#include "exporter/metrics/sample_writer.h"

namespace bullmq_exporter {

TextFamily BuildInfoFamily(const BuildInfo& build) {
  TextFamily family{
      "bullmq_exporter_build_info",
      MetricType::kGauge,
      "Always 1. Version and revision of the exporter, and the compiler that built it.",
      {}};
  SampleWriter out(family.samples);
  out.Begin(family.name, {});
  out.Flag(
      true,
      {{"version", build.version}, {"revision", build.revision}, {"compiler", build.compiler}});
  return family;
}

}  // namespace bullmq_exporter
