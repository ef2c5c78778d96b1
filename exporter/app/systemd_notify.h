#pragma once

#include <string_view>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// Tells the service manager of a change of state, as sd_notify(3) does: a datagram to the socket
// that NOTIFY_SOCKET names, a path or an abstract name that begins with '@'. Does nothing where the
// variable is not set. `state` is such as "READY=1".
[[nodiscard]] Result<void> NotifySystemd(std::string_view state);

}  // namespace bullmq_exporter
