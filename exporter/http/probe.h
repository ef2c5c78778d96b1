#pragma once

#include <chrono>
#include <string>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// The status that `GET url` is answered with, for the sub-command healthcheck. `url` is such as
// "http://127.0.0.1:9538/-/healthy"; redirections are not followed, the body is not kept. The whole
// exchange ends within `deadline` but for the look-up of a name. Fails with kInvalidArgument (no
// such URL), kConnect, kTimeout, or kProtocol for what is no HTTP.
[[nodiscard]] Result<int> Probe(const std::string& url, std::chrono::milliseconds deadline);

}  // namespace bullmq_exporter
