#include "exporter/metrics/exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <set>
#include <sstream>
#include <thread>

#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Body(const ScrapeBody& body) {
  std::string text;
  EXPECT_TRUE(body.Write([&text](std::string_view bytes) {
    text.append(bytes);
    return true;
  }));
  EXPECT_EQ(text.size(), body.size());
  return text;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class ExpositionTest : public testing::Test {
 protected:
  void Update(Snapshot snapshot) {
    exposition_.Update(std::make_shared<const Snapshot>(std::move(snapshot)));
  }
  std::string Text() const { return Body(exposition_.Scrape(ExpositionFormat::kText, false)); }
  std::string OpenMetrics() const {
    return Body(exposition_.Scrape(ExpositionFormat::kOpenMetrics, false));
  }

  prometheus::Registry registry_;
  Exposition exposition_{ExpositionSettings{}, registry_};
};

TEST_F(ExpositionTest, BeforeTheFirstPollNothingIsSaidOfTargets) {
  const std::string text = Text();
  EXPECT_THAT(text, Not(HasSubstr("\nbullmq_up")));
  EXPECT_THAT(text, Not(HasSubstr("\nbullmq_queue_")));
  EXPECT_THAT(text, HasSubstr("\nbullmq_exporter_build_info{"));
  EXPECT_THAT(text, HasSubstr("\nbullmq_exporter_poll_interval_seconds 5\n"));
  EXPECT_THAT(text, HasSubstr("\nbullmq_exporter_failures_window_seconds 3600\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_cpu_seconds_total "));
}

TEST_F(ExpositionTest, EveryFamilyStandsOnceWithItsHeaderAndInOrder) {
  Update(FullSnapshot("main"));
  Update(FullSnapshot("backup", "invoices"));
  std::vector<std::string> families;
  std::string current;
  for (const std::string& line : Lines(Text())) {
    if (line.starts_with("# HELP ")) {
      current = line.substr(7, line.find(' ', 7) - 7);
      families.push_back(current);
    } else if (line.starts_with("# TYPE ")) {
      EXPECT_EQ(line.substr(7, line.find(' ', 7) - 7), current);
    } else {
      EXPECT_EQ(line.substr(0, line.find_first_of("{ ")), current);
    }
  }
  EXPECT_TRUE(std::ranges::is_sorted(families));
  EXPECT_EQ(std::set(families.begin(), families.end()).size(), families.size());
  EXPECT_THAT(Text(), HasSubstr("# TYPE bullmq_up gauge\nbullmq_up{redis=\"backup\"} 1\n"
                                "bullmq_up{redis=\"main\"} 1\n"));
}

TEST_F(ExpositionTest, OpenMetricsDiffersInHeadersAndEndOnly) {
  Update(FullSnapshot("main"));
  std::vector<std::string> text = Lines(Text());
  std::vector<std::string> open_metrics = Lines(OpenMetrics());
  ASSERT_FALSE(open_metrics.empty());
  EXPECT_EQ(open_metrics.back(), "# EOF");
  const auto is_not_sample = [](const std::string& line) {
    return line.starts_with('#') || line.starts_with("process_");  // those change by themselves
  };
  EXPECT_THAT(open_metrics, testing::Contains("# TYPE bullmq_queue_job_ids counter"));
  EXPECT_THAT(text, testing::Contains("# TYPE bullmq_queue_job_ids_total counter"));
  std::erase_if(text, is_not_sample);
  std::erase_if(open_metrics, is_not_sample);
  EXPECT_EQ(text, open_metrics);
}

TEST_F(ExpositionTest, ATargetThatIsDownShowsThatAlone) {
  Snapshot down = FullSnapshot("main");
  down.up = false;
  down.queues[0] = QueueSnapshot{};
  down.queues[0].id = {"bull", "emails"};
  Update(std::move(down));
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("\nbullmq_up{redis=\"main\"} 0\n"));
  EXPECT_THAT(text,
              HasSubstr("\nbullmq_queue_up{redis=\"main\",prefix=\"bull\",queue=\"emails\"} 0\n"));
  for (const std::string& line : Lines(text)) {
    if (line.starts_with("bullmq_queue_")) {
      EXPECT_THAT(line, HasSubstr("bullmq_queue_up{"));
    }
    EXPECT_THAT(line, Not(HasSubstr("bullmq_redis_")));
  }
}

TEST_F(ExpositionTest, AQueueThatIsDownShowsThatAlone) {
  Snapshot snapshot = FullSnapshot("main");
  QueueSnapshot broken;
  broken.id = {"bull", "broken"};
  snapshot.queues.push_back(broken);
  Update(std::move(snapshot));
  std::vector<std::string> of_broken;
  for (const std::string& line : Lines(Text())) {
    if (line.find("queue=\"broken\"") != std::string::npos) of_broken.push_back(line);
  }
  EXPECT_THAT(of_broken, testing::ElementsAre(
                             "bullmq_queue_up{redis=\"main\",prefix=\"bull\",queue=\"broken\"} 0"));
  EXPECT_THAT(Text(), HasSubstr("bullmq_up{redis=\"main\"} 1\n"));
}

TEST_F(ExpositionTest, AnUpdateReplacesWhatItsTargetHad) {
  Update(FullSnapshot("main", "emails"));
  Update(FullSnapshot("other", "invoices"));
  Update(FullSnapshot("main", "mails"));
  EXPECT_THAT(Text(), Not(HasSubstr("queue=\"emails\"")));
  EXPECT_THAT(Text(), HasSubstr("queue=\"mails\""));
  EXPECT_THAT(Text(), HasSubstr("queue=\"invoices\""));
}

TEST_F(ExpositionTest, OwnCountersAreFreshInEachScrape) {
  auto& counter = prometheus::BuildCounter()
                      .Name("bullmq_exporter_test_total")
                      .Help("Test.")
                      .Register(registry_)
                      .Add({});
  EXPECT_THAT(Text(), HasSubstr("\nbullmq_exporter_test_total 0\n"));
  counter.Increment(41);
  counter.Increment();
  EXPECT_THAT(Text(), HasSubstr("\nbullmq_exporter_test_total 42\n"));
}

TEST_F(ExpositionTest, ABodyOutlivesUpdates) {
  Update(FullSnapshot("main", "emails"));
  const ScrapeBody body = exposition_.Scrape(ExpositionFormat::kText, false);
  Update(FullSnapshot("main", "mails"));
  EXPECT_THAT(Body(body), HasSubstr("queue=\"emails\""));
}

TEST_F(ExpositionTest, HostileNamesStayOnTheirLine) {
  Snapshot snapshot;
  snapshot.target = "main";
  snapshot.up = true;
  for (const std::string& name :
       {std::string("a\nbullmq_up 1"), std::string("a\"} 1\nx{y=\""), std::string("\0\xFF\\", 3),
        std::string(65536, 'q'), std::string(65536, '\n')}) {
    snapshot.queues.push_back(FullQueue(name));
  }
  Update(std::move(snapshot));
  int up = 0;
  for (const std::string& line : Lines(Text())) {
    EXPECT_LT(line.size(), 2000);
    if (line.starts_with("bullmq_queue_up{")) ++up;
    if (line.starts_with("bullmq_up")) {
      EXPECT_EQ(line, "bullmq_up{redis=\"main\"} 1");
    }
  }
  EXPECT_EQ(up, 5);
}

TEST_F(ExpositionTest, ScrapesAndUpdatesAtOnce) {
  constexpr int kUpdates = 50;
  std::atomic<int> running = 2;
  std::latch start(4);
  std::vector<std::jthread> threads;
  for (const char* target : {"main", "other"}) {
    threads.emplace_back([&, target] {
      start.arrive_and_wait();
      for (int i = 0; i < kUpdates; ++i) {
        Snapshot snapshot = FullSnapshot(target);
        for (QueueSnapshot& queue : snapshot.queues) queue.jobs.fill(i);
        Update(std::move(snapshot));
      }
      --running;
    });
  }
  for (const bool gzip : {false, true}) {
    threads.emplace_back([&, gzip] {
      start.arrive_and_wait();
      do {
        EXPECT_FALSE(Body(exposition_.Scrape(ExpositionFormat::kText, gzip)).empty());
      } while (running > 0);
    });
  }
  threads.clear();
  const std::string text = Text();
  for (const char* target : {"main", "other"}) {
    EXPECT_THAT(text, HasSubstr("bullmq_queue_jobs{redis=\"" + std::string(target) +
                                "\",prefix=\"bull\",queue=\"emails\",state=\"failed\"} " +
                                std::to_string(kUpdates - 1) + "\n"));
  }
}

TEST(ExpositionCompatibilityTest, AddsSeriesUnderOtherNames) {
  const prometheus::Registry registry;
  for (const bool bullmq : {false, true}) {
    for (const bool bull_exporter : {false, true}) {
      ExpositionSettings settings;
      if (bullmq) settings.compatibility.push_back(Compatibility::kBullmq);
      if (bull_exporter) settings.compatibility.push_back(Compatibility::kBullExporter);
      Exposition exposition(settings, registry);
      exposition.Update(std::make_shared<const Snapshot>(FullSnapshot("main")));
      const std::string text = Body(exposition.Scrape(ExpositionFormat::kText, false));
      EXPECT_EQ(text.find("\nbullmq_job_count{") != std::string::npos, bullmq);
      EXPECT_EQ(text.find("\nbull_queue_waiting{") != std::string::npos, bull_exporter);
    }
  }
}

}  // namespace
}  // namespace bullmq_exporter
