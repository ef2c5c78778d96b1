#include "exporter/base/build_info.h"

#include "build_revision.h"  // written by cmake/write_revision.cmake at each build

namespace bullmq_exporter {

BuildInfo GetBuildInfo() {
  return {BULLMQ_EXPORTER_VERSION, kBuildRevision, BULLMQ_EXPORTER_COMPILER,
          BULLMQ_EXPORTER_PLATFORM};
}

}  // namespace bullmq_exporter
