#include <malloc.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "exporter/cli/run.h"

int main(int argc, char** argv) {
  // glibc's threshold grows with what is freed, and each thread may get an arena: both would keep
  // the large buffers of a poll resident.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  mallopt(M_ARENA_MAX, 2);
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return bullmq_exporter::Run(words, bullmq_exporter::ReadEnvironment(environ));
}
