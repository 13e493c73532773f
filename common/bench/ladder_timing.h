// The part of ladder.h that lives inside Google Benchmark: register, check, time, keep the times.
// (Google Benchmark tells its reporters about a benchmark only after its last repetition; the table
// after Ctrl-C and the progress line need to know sooner.)
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "common/bench/ladder.h"
#include "common/bench/ladder_table.h"

namespace benchmark {
class State;
}

namespace foundations {

// From now on the first Ctrl-C makes the benchmark that is running throw Stopped, which comes out
// of RunSpecifiedBenchmarks. (A benchmark that ends early in a later repetition is no way out:
// Google Benchmark aborts where repetitions differ in iterations.) The second ends the program as
// usual.
void stop_on_ctrl_c();
struct Stopped {};

class LadderTiming {
 public:
  // Registers a benchmark for every rung and number of threads of every ladder. `ladders` must
  // outlive this object, and this object must outlive the benchmarks' run.
  explicit LadderTiming(const std::vector<Ladder>& ladders);

  // All numbers of threads that occur, in increasing order.
  std::vector<int> thread_counts() const;

  // Show a line on the terminal from now on; `runs` is how many repetitions there will be in all.
  void show_progress(int runs);

  // What has been measured so far: one table for each problem, rows in order of registration.
  std::vector<Table> tables() const;
  bool any_refused() const;

 private:
  struct Entry {
    const Ladder* ladder;
    const LadderRung* rung;
    Row row;
    Trial trial;
    std::int64_t iterations = 0;  // calls in each of row.seconds
  };

  void time(benchmark::State& state, Entry& entry);
  void check(Entry& entry);
  void print_progress(const Entry& entry);

  std::deque<Entry> entries_;  // a deque: the benchmarks hold references
  int runs_expected_ = 0;      // 0: no progress line
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point printed_;
};

}  // namespace foundations
