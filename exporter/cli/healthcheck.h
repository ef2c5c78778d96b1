#pragma once

#include <iosfwd>
#include <string>

#include "exporter/base/error.h"
#include "exporter/config/environment.h"
#include "exporter/config/flags.h"

namespace bullmq_exporter {

// Where an exporter that listens at `listen_address` says that it lives, asked from the same
// machine:
// `:9538` → http://127.0.0.1:9538/-/healthy. Fails with kInvalidArgument for port 0, which is known
// to the running exporter alone.
[[nodiscard]] Result<std::string> HealthcheckUrl(const std::string& listen_address);

// `healthcheck [--url URL]`: asks a running exporter, within three seconds; without a URL the one
// that the same flags, environment and file would start. Says on `err` what is wrong. Returns the
// exit code: 0 for an answer 200, 1 for anything else, 2 for wrong use or configuration.
[[nodiscard]] int Healthcheck(const FlagValues& own_flags, const FlagValues& flags,
                              const Environment& environment, std::ostream& err);

}  // namespace bullmq_exporter
