#include "exporter/metrics/process_collector.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <latch>
#include <map>
#include <string>
#include <thread>

namespace bullmq_exporter {
namespace {

std::map<std::string, double> Values(const ProcessCollector& collector) {
  std::map<std::string, double> values;
  for (const TextFamily& family : collector.Collect()) {
    if (family.samples.empty()) continue;
    EXPECT_TRUE(family.samples.starts_with(family.name + " ")) << family.samples;
    values[family.name] = std::stod(family.samples.substr(family.name.size()));
  }
  return values;
}

double BootTime() {
  std::ifstream stat("/proc/stat");
  std::string word;
  while (stat >> word && word != "btime") {
  }
  double seconds = 0;
  EXPECT_TRUE(stat >> seconds);
  return seconds;
}

class ProcessCollectorTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "procXXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    proc_ = folder;
    std::filesystem::create_directories(proc_ / "self/fd");
  }
  void TearDown() override { std::filesystem::remove_all(proc_); }

  void Write(const std::string& file, const std::string& text) const {
    std::ofstream(proc_ / file) << text;
  }

  std::filesystem::path proc_;
};

TEST_F(ProcessCollectorTest, ReadsTheFieldsOfProc5) {
  // A name with blanks and brackets; fields 14 and 15, 20, 22, 23, 24 are what counts.
  Write("self/stat",
        "42 (a) (b c) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 12 0 30000 104857600 2560 "
        "18446744073709551615 1 1 0\n");
  for (const char* fd : {"0", "1", "2", "3"}) Write(std::string("self/fd/") + fd, "");
  const auto values = Values(ProcessCollector(proc_));
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  EXPECT_DOUBLE_EQ(values.at("process_cpu_seconds_total"), 300 / ticks);
  // Seconds after the boot, which /proc/stat tells in whole ones.
  EXPECT_NEAR(values.at("process_start_time_seconds"), BootTime() + 30000 / ticks, 1.5);
  EXPECT_EQ(values.at("process_virtual_memory_bytes"), 104857600);
  EXPECT_EQ(values.at("process_resident_memory_bytes"),
            2560 * static_cast<double>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(values.at("process_threads"), 12);
  EXPECT_EQ(values.at("process_open_fds"), 3);  // one is that of the folder itself
}

TEST_F(ProcessCollectorTest, WhatCannotBeReadIsAbsent) {
  const auto values = Values(ProcessCollector(proc_));
  EXPECT_EQ(values.size(), 1);
  EXPECT_TRUE(values.contains("process_max_fds"));
}

TEST(ProcessCollectorOfThisProcessTest, IsPlausible) {
  const auto values = Values(ProcessCollector());
  EXPECT_GE(values.at("process_cpu_seconds_total"), 0);
  EXPECT_GT(values.at("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(values.at("process_virtual_memory_bytes"), values.at("process_resident_memory_bytes"));
  EXPECT_GE(values.at("process_open_fds"), 3);
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(values.at("process_max_fds"), static_cast<double>(limit.rlim_cur));
  const auto now = static_cast<double>(time(nullptr));
  EXPECT_LE(values.at("process_start_time_seconds"), now + 5);
  EXPECT_GT(values.at("process_start_time_seconds"), now - 3600);
}

TEST(ProcessCollectorOfThisProcessTest, CountsThreads) {
  const ProcessCollector collector;
  const double before = Values(collector).at("process_threads");
  std::latch stop(1);
  const std::jthread thread([&stop] { stop.wait(); });
  EXPECT_EQ(Values(collector).at("process_threads"), before + 1);
  stop.count_down();
}

}  // namespace
}  // namespace bullmq_exporter
