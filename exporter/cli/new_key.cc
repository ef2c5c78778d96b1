#include "exporter/cli/new_key.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "exporter/auth/new_key.h"
#include "exporter/cli/exit_code.h"
#include "exporter/config/duration.h"
#include "exporter/config/text_list.h"

namespace bullmq_exporter {
namespace {

std::string LastValue(const FlagValues& flags, std::string_view name) {
  const auto found = flags.find(name);
  return found == flags.end() ? "" : found->second.back();
}

Result<NewKeyRequest> Request(const FlagValues& flags, std::int64_t now_ms) {
  NewKeyRequest request;
  request.name = LastValue(flags, "name");
  if (request.name.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "new-key needs to know who the key is for: --name NAME");
  }
  if (const auto given = flags.find("permission"); given != flags.end()) {
    request.permissions = SplitLists(given->second);
    if (request.permissions.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "--permission: names none, such as manage:all");
    }
  }
  if (const std::string expires = LastValue(flags, "expires"); !expires.empty()) {
    const auto duration = ParseDuration(expires);
    if (!duration) return Fail(duration.error().In("--expires"));
    if (duration->count() == 0) {
      return Fail(ErrorCode::kInvalidArgument, "--expires: the key would never be valid");
    }
    request.expires_ms = now_ms + duration->count();
  }
  return request;
}

int Failed(const Error& error, std::ostream& err) {
  err << "bullmq_exporter: " << error.message << "\n";
  return error.code == ErrorCode::kInvalidArgument ? kExitUsage : kExitFailure;
}

}  // namespace

int NewKeyCommand(const FlagValues& flags, std::int64_t now_ms, std::ostream& out,
                  std::ostream& err) {
  const auto request = Request(flags, now_ms);
  if (!request) return Failed(request.error(), err);
  const auto made = MakeNewKey(*request);
  if (!made) return Failed(made.error(), err);
  if (const std::string file = LastValue(flags, "keys-file"); !file.empty()) {
    if (auto appended = AppendToKeysFile(file, *made); !appended) {
      return Failed(appended.error(), err);
    }
  }
  err << "- " << made->entry << "\n";
  out << made->key << '\n' << std::flush;
  if (out) return kExitOk;
  err << "bullmq_exporter: the key cannot be written to standard output\n";
  return kExitFailure;
}

}  // namespace bullmq_exporter
