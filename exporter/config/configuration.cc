#include "exporter/config/configuration.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "exporter/base/read_file.h"
#include "exporter/config/loader.h"
#include "exporter/config/redis_address.h"
#include "exporter/config/text_list.h"

namespace bullmq_exporter {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kMaxFileBytes = 1u << 20;

// What counts for one flag, and who said it.
struct Said {
  const Flag* flag = nullptr;
  std::string source;  // "--poll.interval" or "BULLMQ_EXPORTER_POLL_INTERVAL"
  bool by_flag = false;
  std::vector<std::string> values;
};

struct File {
  std::string path;
  LoadedFile loaded;
};

std::vector<Said> WhatWasSaid(const FlagValues& flags, const Environment& environment) {
  const FlagValues variables = FlagsFromEnvironment(environment);
  std::vector<Said> said;
  for (const Flag& flag : Flags()) {
    Said one{.flag = &flag, .source = "", .values = {}};
    if (const auto given = flags.find(flag.name); given != flags.end()) {
      one.source = "--" + std::string(flag.name);
      one.by_flag = true;
      one.values = given->second;
    } else if (const auto variable = variables.find(flag.name); variable != variables.end()) {
      one.source = EnvironmentName(flag.name);
      one.values = variable->second;
    } else {
      continue;
    }
    if (flag.is_list) one.values = SplitLists(one.values);
    said.push_back(std::move(one));
  }
  return said;
}

const Said* Find(const std::vector<Said>& said, std::string_view flag) {
  const auto found = std::find_if(said.begin(), said.end(),
                                  [&](const Said& one) { return one.flag->name == flag; });
  return found == said.end() ? nullptr : &*found;
}

// Adds what the rules refuse in a file to what could not be read of it.
void AddViolations(const std::vector<Violation>& violations, const YamlValue& root,
                   FileFaults& faults) {
  const FileFaults unread = faults;
  for (const Violation& violation : violations) {
    const bool known = !unread.IsAbout(violation.path) &&
                       std::none_of(violation.also_about.begin(), violation.also_about.end(),
                                    [&](const std::string& path) { return unread.IsAbout(path); });
    if (known) faults.Add(root.Locate(violation.path), violation.path + ": " + violation.message);
  }
}

tl::expected<std::optional<File>, Lines> ReadConfigFile(const Said* said) {
  if (said == nullptr || said->values.back().empty()) return std::nullopt;
  File file{said->values.back(), {}};
  const auto text = ReadFile(file.path, kMaxFileBytes);
  if (!text) return tl::make_unexpected(Lines{said->source + ": " + text.error().message});
  FileFaults faults(file.path);
  file.loaded = LoadConfig(*text, faults);
  if (!faults.empty()) {
    const auto validated = ValidatedConfig::Validate(file.loaded.config);
    if (!validated) AddViolations(validated.error(), file.loaded.root, faults);
    return tl::make_unexpected(faults.Lines());
  }
  return file;
}

// Targets come from one place: the file, or flags and environment.
std::optional<std::string> TwoPlacesForTargets(const std::vector<Said>& said,
                                               const std::optional<File>& file) {
  if (!file || !file->loaded.has_targets) return std::nullopt;
  for (const Said& one : said) {
    if (!one.flag->describes_target) continue;
    return one.source + ": the file " + file->path +
           " describes what to read with its key redis; leave one of the two out";
  }
  return std::nullopt;
}

Result<void> Apply(const Said& one, Config& config) {
  if (one.flag->apply == nullptr) return {};
  // In a flag it would stand in the list of processes, for everyone to read.
  if (one.flag->name == "redis.addr" && one.by_flag) {
    for (const std::string& value : one.values) {
      const auto address = ParseRedisAddress(value);
      if (address && !address->password.empty()) {
        return Fail(ErrorCode::kInvalidArgument,
                    one.source +
                        ": a password in a flag can be read by everyone on this machine; put "
                        "it into a file for --redis.password-file, or the address into " +
                        EnvironmentName(one.flag->name));
      }
    }
  }
  const auto applied = one.flag->apply(one.values, config);
  if (!applied) return Fail(applied.error().In(one.source));
  return {};
}

Result<bool> TakeOpenArchiversRedis(const Environment& environment, Config& config) {
  auto redis = OpenArchiverRedis(environment);
  if (!redis) return Fail(redis.error());
  std::optional<RedisConfig> taken = *std::move(redis);
  if (!taken) return false;
  config.targets.front().redis = *std::move(taken);
  return true;
}

// Where the value of a setting was said: a flag, a variable, a place in the file.
std::string Origin(std::string_view path, const std::vector<Said>& said,
                   const std::optional<File>& file) {
  for (const Said& one : said) {
    const std::string_view own = one.flag->path;
    if (!own.empty() && path.starts_with(own) &&
        (path.size() == own.size() || path[own.size()] == '[' || path[own.size()] == '.')) {
      return one.source;
    }
  }
  if (!file) return std::string(path);
  const FilePosition position = file->loaded.root.Locate(path);
  return file->path + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) +
         ": " + std::string(path);
}

Lines ViolationLines(const std::vector<Violation>& violations, const std::vector<Said>& said,
                     const std::optional<File>& file) {
  if (!file) {
    const Violation& first = violations.front();
    return {Origin(first.path, said, file) + ": " + first.message};
  }
  Lines lines;
  for (const Violation& violation : violations) {
    lines.push_back(Origin(violation.path, said, file) + ": " + violation.message);
  }
  return lines;
}

std::vector<Notice> Notices(const Config& config, const Environment& environment,
                            bool is_open_archiver) {
  std::vector<Notice> notices;
  for (const auto& [name, near] : MistypedVariables(environment)) {
    Notice& notice = notices.emplace_back(Notice{LogLevel::kWarn, name});
    notice.message.append(" is no variable of this program; did you mean ")
        .append(near)
        .append("?");
  }
  const TargetConfig& first = config.targets.front();
  if (is_open_archiver) {
    notices.push_back(
        {LogLevel::kInfo, "the address of Redis is taken from REDIS_HOST and its companions"});
    if (first.redis.address.scheme == RedisAddress::Scheme::kTls &&
        !first.redis.tls.insecure_skip_verify) {
      notices.push_back({LogLevel::kInfo,
                         "REDIS_TLS_ENABLED: the certificate of Redis is verified, which Open "
                         "Archiver does not do; --redis.tls-insecure-skip-verify turns that off"});
    }
  }
  for (const TargetConfig& target : config.targets) {
    if (config.discovery.enabled || !target.queues.static_queues.empty()) continue;
    notices.push_back({LogLevel::kWarn, "discovery is off and no queue is named for redis " +
                                            target.name + ": nothing of it will be shown"});
  }
  return notices;
}

std::vector<NamedFile> NamedFiles(const Config& config, const std::vector<Said>& said,
                                  const std::optional<File>& file) {
  std::vector<NamedFile> files;
  const auto add = [&](const std::string& setting, const std::string& path) {
    if (!path.empty()) files.push_back({Origin(setting, said, file), path});
  };
  for (std::size_t i = 0; i < config.targets.size(); ++i) {
    const RedisConfig& redis = config.targets[i].redis;
    const std::string target = "redis[" + std::to_string(i) + "]";
    add(target + ".username_file", redis.username_file);
    add(target + ".password_file", redis.password_file);
    add(target + ".tls.ca_file", redis.tls.ca_file);
    add(target + ".tls.cert_file", redis.tls.cert_file);
    add(target + ".tls.key_file", redis.tls.key_file);
  }
  add("api.keys_file", config.api.keys_file);
  add("api.jwt_secret_file", config.api.jwt_secret_file);
  return files;
}

}  // namespace

std::optional<std::string> UnreadableFile(const Configuration& configuration) {
  for (const NamedFile& file : configuration.files) {
    const auto readable = CheckReadable(file.path);
    if (!readable) return file.source + ": " + readable.error().message;
  }
  return std::nullopt;
}

tl::expected<Configuration, Lines> MakeConfiguration(const FlagValues& flags,
                                                     const Environment& environment) {
  const std::vector<Said> said = WhatWasSaid(flags, environment);
  auto read = ReadConfigFile(Find(said, kConfigFileFlag));
  if (!read) return tl::make_unexpected(std::move(read.error()));
  const std::optional<File> file = *std::move(read);
  if (auto fault = TwoPlacesForTargets(said, file)) {
    return tl::make_unexpected(Lines{*std::move(fault)});
  }
  const bool has_targets = file && file->loaded.has_targets;
  Config config;
  if (file) config = file->loaded.config;
  Result<bool> is_open_archiver = false;
  if (!has_targets && Find(said, "redis.addr") == nullptr) {
    is_open_archiver = TakeOpenArchiversRedis(environment, config);
    if (!is_open_archiver) return tl::make_unexpected(Lines{is_open_archiver.error().message});
  }
  for (const Said& one : said) {
    const auto applied = Apply(one, config);
    if (!applied) return tl::make_unexpected(Lines{applied.error().message});
  }
  auto validated = ValidatedConfig::Validate(std::move(config));
  if (!validated) return tl::make_unexpected(ViolationLines(validated.error(), said, file));
  Configuration configuration{*std::move(validated), {}, {}};
  configuration.notices = Notices(*configuration.config, environment, *is_open_archiver);
  configuration.files = NamedFiles(*configuration.config, said, file);
  return configuration;
}

std::vector<std::string> CheckConfigFile(const std::string& path) {
  const auto text = ReadFile(path, kMaxFileBytes);
  if (!text) return {text.error().message};
  FileFaults faults(path);
  const LoadedFile loaded = LoadConfig(*text, faults);
  const auto validated = ValidatedConfig::Validate(loaded.config);
  if (!validated) AddViolations(validated.error(), loaded.root, faults);
  return faults.Lines();
}

}  // namespace bullmq_exporter
