#include "exporter/config/byte_size.h"

#include <array>
#include <charconv>

#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<Unit, 5> kUnits = {
    {{"GiB", 1u << 30}, {"MiB", 1u << 20}, {"KiB", 1u << 10}, {"B", 1}, {"", 1}}};
constexpr std::uint64_t kMax = (1ull << 53) - 1;

}  // namespace

Result<std::uint64_t> ParseByteSize(std::string_view text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec == std::errc()) {
    const std::string_view name(parsed.ptr,
                                static_cast<std::size_t>(text.data() + text.size() - parsed.ptr));
    for (const Unit& unit : kUnits) {
      if (unit.name == name && number <= kMax / unit.bytes) return number * unit.bytes;
    }
  }
  return Fail(ErrorCode::kInvalidArgument,
              Quoted(text) + " is not a size; write for example 1MiB, 512KiB or plain bytes");
}

std::string FormatByteSize(std::uint64_t bytes) {
  for (const Unit& unit : kUnits) {
    if (unit.bytes > 1 && bytes > 0 && bytes % unit.bytes == 0) {
      return std::to_string(bytes / unit.bytes) + std::string(unit.name);
    }
  }
  return std::to_string(bytes);
}

}  // namespace bullmq_exporter
