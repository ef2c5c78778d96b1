#include "exporter/base/label_value.h"

#include "exporter/base/sha256.h"
#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::size_t kDigestHexDigits = 8;

}  // namespace

std::string ShortenLabelValue(std::string_view value) {
  if (value.size() <= kMaxLabelValueBytes) return std::string(value);
  std::string shortened(Utf8Prefix(value, kShortenedLabelValueBytes));
  shortened.append(kEllipsis);
  shortened.append(Sha256Hex(value), 0, kDigestHexDigits);
  return shortened;
}

std::string LabelText(std::string_view bytes) {
  if (IsValidUtf8(bytes)) return ShortenLabelValue(bytes);
  return ShortenLabelValue(EscapeInvalidUtf8(bytes));
}

}  // namespace bullmq_exporter
