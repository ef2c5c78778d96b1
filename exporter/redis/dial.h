#pragma once

#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/base/file_descriptor.h"
#include "exporter/redis/resolver.h"

namespace bullmq_exporter {

// Connects to the first of `addresses` (at least one) that answers: in their order, the next
// beginning when one has failed or kept silent for 250 ms, so that a dead IPv6 route costs no more
// than that. The connection is non-blocking, without Nagle's delay, and notices a dead peer (TCP
// keepalive, TCP_USER_TIMEOUT). Fails with kConnect (every address refused; the message names the
// last) or kTimeout.
[[nodiscard]] Result<FileDescriptor> DialTcp(const std::vector<SocketAddress>& addresses,
                                             SteadyClock::time_point deadline);

// Connects to a unix socket. Fails with kConnect.
[[nodiscard]] Result<FileDescriptor> DialUnix(const std::string& path);

// Milliseconds for poll(2) until `deadline`, rounded up; 0 when it has passed.
[[nodiscard]] int PollTimeout(SteadyClock::time_point deadline);

}  // namespace bullmq_exporter
