#pragma once

#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/yaml_document.h"

namespace bullmq_exporter {

// A configuration file, read.
struct LoadedFile {
  Config config;             // the defaults where the file says nothing or something wrong
  bool has_targets = false;  // there is a key `redis`
  YamlValue root;            // for the places of what the rules of validator.h refuse
};

// Reads the text of a configuration file. Adds a fault for everything that is not a known key with
// a value of its type; whether values fit each other is the validator's to say.
[[nodiscard]] LoadedFile LoadConfig(std::string_view text, FileFaults& faults);

}  // namespace bullmq_exporter
