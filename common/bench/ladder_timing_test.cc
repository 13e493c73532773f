// What the tables say of a rung is what it did: how long, on how many threads, in how much memory.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/base/openmp.h"
#include "common/bench/ladder.h"
#include "common/bench/ladder_table.h"
#include "common/bench/peak.h"

namespace foundations {
namespace {

LadderRung rung(const std::string& name, const std::function<void()>& run) {
  return {name, [run] { return Trial{run, [] { return std::string(); }}; }};
}

LadderRung without_memory() {
  return {"without_memory", []() -> Trial { throw std::bad_alloc(); }};
}

// The tables of a run of ladder_main, three repetitions of some iterations each. (The only one
// here: Google Benchmark keeps what is registered.)
struct Measured {
  Measured() {
    Ladder ladder = {"demo", "some work", {{"n", 1}}, {}};
    ladder.rungs = {rung("sleeps",
                         [this] {
                           ++sleeps;
                           std::this_thread::sleep_for(std::chrono::milliseconds(1));
                         }),
                    rung("asks", [this] { threads.insert(max_threads()); }), without_memory()};
    ladder.threads = {1, 2};
    Ladder memory = {"demo", "memory", {{"n", 2}}, {}};
    memory.rungs = {rung("large", [] { zeros({1000, 1000}); }), rung("small", [] { zeros({10}); })};
    memory.memory = true;
    LadderOptions options;
    options.comment = [this](const std::vector<Table>& measured) {
      tables = measured;
      return std::string();
    };
    char program[] = "ladder_timing_test", time[] = "--benchmark_min_time=0.02",
         repetitions[] = "--benchmark_repetitions=3";
    char* argv[] = {program, time, repetitions, nullptr};
    testing::internal::CaptureStdout();
    const auto began = std::chrono::steady_clock::now();
    status = ladder_main(3, argv, {ladder, memory}, options);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    testing::internal::GetCapturedStdout();
  }

  std::int64_t sleeps = 0;
  std::set<int> threads;
  std::vector<Table> tables;
  int status = 0;
  double seconds = 0;
};

TEST(LadderTiming, SaysWhatTheRungsDid) {
  const Measured measured;
  ASSERT_EQ(measured.tables.size(), 2u);
  const std::vector<Row>& rows = measured.tables[0].rows;
  ASSERT_EQ(rows.size(), kOpenMp ? 6u : 3u);
  for (const Row& row : rows) {
    if (row.name == "without_memory") continue;
    EXPECT_EQ(row.seconds.size(), 3u) << row.name;
    EXPECT_EQ(row.peak, peak_flops(row.threads)) << row.name;
  }
  // One sleep lasts about as long as any other, so all of them fit into the time that passed.
  EXPECT_GT(measured.sleeps, 20);
  EXPECT_GE(minimum(rows[0].seconds), 1e-3);
  EXPECT_LT(minimum(rows[0].seconds) * static_cast<double>(measured.sleeps), 2 * measured.seconds);
  EXPECT_EQ(measured.threads, kOpenMp ? std::set<int>({1, 2}) : std::set<int>({1}));

  EXPECT_EQ(measured.status, 1) << "a rung was refused";
  EXPECT_EQ(rows[2].fault, std::string("it threw: ") + std::bad_alloc().what());
  EXPECT_TRUE(rows[2].seconds.empty());

  EXPECT_EQ(measured.tables[1].rows[0].memory, 4e6);
  EXPECT_EQ(measured.tables[1].rows[1].memory, 40);
}

}  // namespace
}  // namespace foundations
