#include "exporter/auth/api_keys.h"

#include <openssl/crypto.h>

#include <set>
#include <utility>

#include "exporter/base/rfc3339.h"
#include "exporter/config/yaml_document.h"
#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

std::optional<unsigned char> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned char>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned char>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned char>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<Sha256Digest> ParseDigest(std::string_view text) {
  Sha256Digest digest{};
  if (text.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const auto high = HexDigit(text[2 * i]);
    const auto low = HexDigit(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    digest[i] = static_cast<unsigned char>(*high << 4 | *low);
  }
  return digest;
}

void ReadDigest(YamlMapping& entry, ApiKey& key) {
  if (!entry.Require("sha256")) return;
  const YamlValue* value = entry.Find("sha256");
  const auto digest =
      value->kind == YamlValue::Kind::kScalar ? ParseDigest(value->text) : std::nullopt;
  // What stands there may be the key itself, put in by mistake: it is not repeated.
  if (!digest) return entry.Fault("sha256", "needs 64 hex digits, as new-key prints them");
  key.digest = *digest;
}

void ReadExpiry(YamlMapping& entry, ApiKey& key) {
  const auto text = entry.Text("expires");
  if (!text) return;
  key.expires_ms = ParseRfc3339(*text);
  if (!key.expires_ms) {
    entry.Fault("expires", "needs a time such as 2027-01-01T00:00:00Z, found " + Quoted(*text));
  }
}

// An empty list would look like "no queue" and mean "every queue".
std::vector<std::string> ReadGlobs(YamlMapping& entry, std::string_view name) {
  auto globs = entry.TextList(name);
  if (!globs) return {};
  if (globs->empty()) entry.Fault(name, "needs at least one pattern; leave it out to allow all");
  return std::move(*globs);
}

ApiKey ReadKey(const YamlValue& value, std::size_t index, FileFaults& faults) {
  YamlMapping entry(value, "keys[" + std::to_string(index) + "]", faults);
  ApiKey key;
  if (entry.Require("name")) {
    key.name = entry.Text("name").value_or("");
    if (key.name.empty()) entry.Fault("name", "must not be empty");
  }
  ReadDigest(entry, key);
  if (entry.Require("permissions")) {
    key.permissions = entry.TextList("permissions").value_or(std::vector<std::string>());
  }
  ReadExpiry(entry, key);
  QueueLimits limits{ReadGlobs(entry, "queues"), ReadGlobs(entry, "redis"),
                     ReadGlobs(entry, "prefixes")};
  if (!limits.queues.empty() || !limits.targets.empty() || !limits.prefixes.empty()) {
    key.limits = std::make_shared<const QueueLimits>(std::move(limits));
  }
  entry.RefuseUnknownKeys();
  return key;
}

void RefuseRepeated(const std::vector<ApiKey>& keys, const std::vector<YamlValue>& items,
                    FileFaults& faults) {
  std::set<std::string_view> names;
  std::set<Sha256Digest> digests;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string path = "keys[" + std::to_string(i) + "]";
    if (!names.insert(keys[i].name).second) {
      faults.Add(items[i].position, path + ".name: " + Quoted(keys[i].name) + " stands twice");
    }
    if (!digests.insert(keys[i].digest).second) {
      faults.Add(items[i].position, path + ".sha256: another entry has the same key");
    }
  }
}

tl::unexpected<Error> FaultsAsError(const FileFaults& faults) {
  std::string message;
  for (const std::string& line : faults.Lines()) {
    if (!message.empty()) message += '\n';
    message += line;
  }
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

}  // namespace

Result<ApiKeys> ApiKeys::Parse(std::string_view text, const std::string& file) {
  FileFaults faults(file);
  ApiKeys result;
  if (const auto document = ParseYaml(text, faults)) {
    YamlMapping root(*document, "", faults);
    const std::vector<YamlValue>* items = root.Require("keys") ? root.Items("keys") : nullptr;
    root.RefuseUnknownKeys();
    if (items != nullptr) {
      for (const YamlValue& item : *items) {
        result.keys_.push_back(ReadKey(item, result.keys_.size(), faults));
      }
      if (faults.empty()) RefuseRepeated(result.keys_, *items, faults);
    }
  }
  if (!faults.empty()) return FaultsAsError(faults);
  return result;
}

const ApiKey* ApiKeys::Find(std::string_view key, std::int64_t now_ms) const {
  const Sha256Digest digest = Sha256(key);
  const ApiKey* found = nullptr;
  for (const ApiKey& candidate : keys_) {
    // No early end: the time must not tell which entry it was.
    const bool equal = CRYPTO_memcmp(digest.data(), candidate.digest.data(), digest.size()) == 0;
    found = equal ? &candidate : found;
  }
  if (found != nullptr && found->expires_ms && *found->expires_ms <= now_ms) return nullptr;
  return found;
}

}  // namespace bullmq_exporter
