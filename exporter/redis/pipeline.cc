#include "exporter/redis/pipeline.h"

#include <charconv>

namespace bullmq_exporter {
namespace {

void AppendHeader(std::string& out, char kind, std::size_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out += kind;
  out.append(digits, end);
  out += "\r\n";
}

// Reads the number after the kind byte at `position` and moves behind its line end.
std::size_t ReadHeader(std::string_view bytes, std::size_t& position) {
  std::size_t value = 0;
  const auto end =
      std::from_chars(bytes.data() + position + 1, bytes.data() + bytes.size(), value).ptr;
  position = static_cast<std::size_t>(end - bytes.data()) + 2;
  return value;
}

}  // namespace

std::size_t Pipeline::Add(Route route, std::initializer_list<std::string_view> args) {
  return Add(route, std::span(args.begin(), args.size()));
}

std::size_t Pipeline::Add(Route route, std::span<const std::string_view> args) {
  commands_.push_back({buffer_.size(), route});
  AppendHeader(buffer_, '*', args.size());
  for (const std::string_view arg : args) {
    AppendHeader(buffer_, '$', arg.size());
    buffer_ += arg;
    buffer_ += "\r\n";
  }
  return commands_.size() - 1;
}

void Pipeline::Clear() {
  buffer_.clear();
  commands_.clear();
}

std::string_view Pipeline::Encoded(std::size_t index) const {
  const std::size_t begin = commands_[index].begin;
  const std::size_t end =
      index + 1 < commands_.size() ? commands_[index + 1].begin : buffer_.size();
  return std::string_view(buffer_).substr(begin, end - begin);
}

std::vector<std::string_view> Pipeline::Args(std::size_t index) const {
  const std::string_view bytes = Encoded(index);
  std::size_t position = 0;
  std::vector<std::string_view> args(ReadHeader(bytes, position));
  for (std::string_view& arg : args) {
    const std::size_t size = ReadHeader(bytes, position);
    arg = bytes.substr(position, size);
    position += size + 2;
  }
  return args;
}

}  // namespace bullmq_exporter
