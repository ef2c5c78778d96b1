#pragma once

#include <span>

#include "exporter/http/route.h"

namespace bullmq_exporter {

// Every route of both listeners: the one place where a path is written.
[[nodiscard]] std::span<const HttpRoute> Routes();

}  // namespace bullmq_exporter
