#include "exporter/redis/pipeline.h"

#include <algorithm>
#include <charconv>

namespace bullmq_exporter {
namespace {

// Of `*<number>` or `$<number>` with its line end.
constexpr std::size_t kMostHeaderBytes = 24;
constexpr std::string_view kLineEnd = "\r\n";

char* Write(char* to, std::string_view bytes) { return std::copy(bytes.begin(), bytes.end(), to); }

char* WriteHeader(char* to, char kind, std::size_t value) {
  *to++ = kind;
  return Write(std::to_chars(to, to + kMostHeaderBytes, value).ptr, kLineEnd);
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
  std::size_t most = kMostHeaderBytes;
  for (const std::string_view arg : args) most += kMostHeaderBytes + arg.size() + kLineEnd.size();
  buffer_.resize(buffer_.size() + most);
  char* end = WriteHeader(buffer_.data() + commands_.back().begin, '*', args.size());
  for (const std::string_view arg : args) {
    end = Write(Write(WriteHeader(end, '$', arg.size()), arg), kLineEnd);
  }
  buffer_.resize(static_cast<std::size_t>(end - buffer_.data()));
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
