#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// No class is longer than this many characters.
inline constexpr std::size_t kMaxClassCharacters = 120;

// No more than this many bytes of a reason are read for its class.
inline constexpr std::size_t kMaxReasonLineBytes = 512;

// The class of a job's `failedReason`: a short text that is the same for all failures of one kind,
// because everything that varies from job to job (addresses, ids, numbers, quoted text …) is
// replaced by a word in angle brackets. It serves as a label value: no e-mail address, no file name
// and no quoted text of the reason is in it, and it is one line of valid UTF-8 of 1 to
// kMaxClassCharacters characters.
//
//   empty, or nothing but white space                      (empty)
//   `null` or `undefined`: what was thrown is no Error     (no error object)
//   `child <key> failed` (BullMQ's moveToFinished)         child failed
//   all others                                             by the rules in failure_class.cc
//
// The first line that is not blank decides, and of that kMaxReasonLineBytes bytes at most; a word
// that this limit would split is left out, so that half an address is not taken for a word (unless
// it is longer than any address). A quoted text that begins in that part and ends after it counts
// as quoted. Bytes that are not UTF-8 become U+FFFD; control characters and all of Unicode's spaces
// are white space.
//
// Takes time linear in the size of the reason, for any bytes. Thread-safe.
[[nodiscard]] std::string ClassifyFailure(std::string_view failed_reason);

}  // namespace bullmq_exporter
