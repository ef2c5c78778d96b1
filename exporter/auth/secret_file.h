#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "exporter/base/error.h"
#include "exporter/base/sha256.h"

namespace bullmq_exporter {

// Text whose memory is overwritten before it is given back.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string text) : text_(std::move(text)) {}
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  ~SecretText();

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void Wipe();
  std::string text_;
};

// A file that is read again when it has changed.
class SecretFile {
 public:
  static constexpr std::size_t kMaxBytes = 1u << 20;

  explicit SecretFile(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }

  // Whether the file has not been touched since ReadIfChanged returned (one stat). May be called by
  // several threads, but not together with ReadIfChanged.
  [[nodiscard]] bool IsUnchanged() const;

  // The content, where it differs from that of the last call that returned one; nothing where it is
  // the same. Whether the file was touched is known from its device, inode, size and times (one
  // stat); a file that was touched within the last two seconds is read anyway, for a second change
  // may bear the same time. Fails with kIo where it cannot be read, is no regular file or is longer
  // than kMaxBytes.
  [[nodiscard]] Result<std::optional<SecretText>> ReadIfChanged();

 private:
  struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  [[nodiscard]] Result<Stamp> ReadStamp() const;

  std::string path_;
  std::optional<Stamp> stamp_;  // of the last read; empty while the file may still be changing
  std::optional<Sha256Digest> digest_;
};

}  // namespace bullmq_exporter
