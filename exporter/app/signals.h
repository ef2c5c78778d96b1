#pragma once

namespace bullmq_exporter {

// Blocks SIGINT, SIGTERM and SIGHUP in this thread and those it starts from here on, so that
// WaitForSignal gets them, and ignores SIGPIPE. To be called before any thread is started.
void BlockSignals();

// Waits for one of the blocked signals and returns its number. Needs BlockSignals.
[[nodiscard]] int WaitForSignal();

}  // namespace bullmq_exporter
