#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// The text of a keys file with an entry (a YAML map on one line) added at the end of its list;
// every byte of `text` is kept. Blank text becomes a new file. The outcome is parsed and compared
// before it is returned. Fails with kInvalidArgument where `text` is no valid keys file, has the
// entry's name already, or is laid out in a way that no line can be added to. `file` is its name in
// messages.
[[nodiscard]] Result<std::string> WithEntryAdded(std::string_view text, const std::string& file,
                                                 const std::string& entry);

// Replaces a file's content by what `edit` makes of it, in one step (rename), with its mode and
// owner kept; a file that does not exist is made, with mode 0600, from what `edit` makes of "". A
// lock (flock) lets one editor at a time through. Fails with kIo, or as `edit` does; the file is
// then untouched.
[[nodiscard]] Result<void> EditFile(
    const std::string& path, const std::function<Result<std::string>(std::string_view)>& edit);

}  // namespace bullmq_exporter
