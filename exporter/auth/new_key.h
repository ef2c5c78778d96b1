#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/error.h"

// The logic of the sub-command `new-key`.
namespace bullmq_exporter {

struct NewKeyRequest {
  std::string name = {};  // of the entry; 1 to 128 printable characters
  std::vector<std::string> permissions = {"manage:all"};
  std::optional<std::int64_t> expires_ms = {};  // since 1970; empty: never
};

struct NewKey {
  std::string key;    // what a client sends as X-API-KEY: secret, to be shown once
  std::string entry;  // its entry in the keys file, a YAML map on one line without a line end
};

// Makes a random key of 256 bits. Fails with kInvalidArgument where the request is not valid.
[[nodiscard]] Result<NewKey> MakeNewKey(const NewKeyRequest& request);

// Adds the entry at the end of the list in the keys file, and keeps everything else of the file,
// its mode and its owner; the file is replaced in one step, and two that add at once lose nothing.
// A file that does not exist is made with mode 0600. Fails with kInvalidArgument where the file is
// not a valid keys file or already has the name, with kIo where it cannot be written; it is then
// untouched.
[[nodiscard]] Result<void> AppendToKeysFile(const std::string& path, const NewKey& key);

}  // namespace bullmq_exporter
