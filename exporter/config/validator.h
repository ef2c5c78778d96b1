#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "exporter/config/config.h"

namespace bullmq_exporter {

// A rule that a configuration breaks.
struct Violation {
  std::string path;     // of the setting in the file, such as `redis[0].prefixes[1]`
  std::string message;  // what is wrong and what is allowed
  // The other settings that the rule is about: while one of those could not be read, the rule has
  // nothing to say.
  std::vector<std::string> also_about = {};
};

// A configuration that keeps every rule: values within their bounds, and fitting each other. What
// the program is started with.
class ValidatedConfig {
 public:
  // Says every rule that is broken.
  [[nodiscard]] static tl::expected<ValidatedConfig, std::vector<Violation>> Validate(
      Config config);

  const Config& operator*() const { return config_; }
  const Config* operator->() const { return &config_; }

 private:
  explicit ValidatedConfig(Config config) : config_(std::move(config)) {}
  Config config_;
};

}  // namespace bullmq_exporter
