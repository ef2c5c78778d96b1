#include "exporter/auth/identity.h"

#include <algorithm>

#include "exporter/base/glob.h"

namespace bullmq_exporter {
namespace {

bool Matches(const std::vector<std::string>& globs, std::string_view text) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return GlobMatch(glob, text);
         });
}

}  // namespace

bool Identity::MaySee(std::string_view target, std::string_view prefix,
                      std::optional<std::string_view> queue) const {
  return limits_ == nullptr ||
         (Matches(limits_->targets, target) && Matches(limits_->prefixes, prefix) &&
          (!queue || Matches(limits_->queues, *queue)));
}

}  // namespace bullmq_exporter
