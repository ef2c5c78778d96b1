#include "exporter/base/label_value.h"

#include "exporter/base/sha256.h"
#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::size_t kDigestHexDigits = 8;

bool LooksEscaped(std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  return text.size() >= 4 && text.starts_with("\\x") &&
         kHexDigits.find(text[2]) != std::string_view::npos &&
         kHexDigits.find(text[3]) != std::string_view::npos;
}

}  // namespace

std::string ShortenLabelValue(std::string_view value) {
  if (value.size() <= kMaxLabelValueBytes) return std::string(value);
  std::string shortened(Utf8Prefix(value, kShortenedLabelValueBytes));
  shortened.append(kEllipsis);
  shortened.append(Sha256Hex(value), 0, kDigestHexDigits);
  return shortened;
}

std::string LabelText(std::string_view bytes) {
  constexpr std::string_view kSpecial("\\\0", 2);
  if (bytes.find_first_of(kSpecial) == std::string_view::npos && IsValidUtf8(bytes)) {
    return ShortenLabelValue(bytes);
  }
  std::string text;
  text.reserve(bytes.size() + 16);
  while (!bytes.empty()) {
    const Utf8Step step = DecodeUtf8(bytes);
    const std::string_view character = bytes.substr(0, step.length);
    if (!step.valid || character[0] == '\0' || LooksEscaped(bytes)) {
      AppendEscaped(text, character);
    } else {
      text.append(character);
    }
    bytes.remove_prefix(step.length);
  }
  return ShortenLabelValue(text);
}

}  // namespace bullmq_exporter
