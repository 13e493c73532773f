// The part of ladder.h that runs inside Google Benchmark: register, check, time, keep the times.
// (Google Benchmark tells its reporters about a benchmark only after its last repetition. The table
// after Ctrl-C and the progress line need the times sooner.)
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "common/bench/ladder.h"
#include "common/bench/ladder_table.h"
#include "common/bench/stopwatch.h"

namespace benchmark {
class BenchmarkReporter;
class State;
}  // namespace benchmark

namespace foundations {

// Passes Google Benchmark its flags; if one occurs twice, the last counts. Google Benchmark keeps
// the pointer to the program's name, without the folder. Throws std::invalid_argument for an
// unknown flag. For a bad value, Google Benchmark ends the program with its own message and status
// 1.
void initialize_benchmark(char* program, std::vector<std::string> flags);

class LadderTiming {
 public:
  // Registers a benchmark for every rung and number of threads of every ladder. `ladders` must
  // outlive this object.
  explicit LadderTiming(const std::vector<Ladder>& ladders);
  ~LadderTiming();

  // Returns all numbers of threads that occur, in increasing order.
  std::vector<int> thread_counts() const;

  // Runs the benchmarks that the flags select, `repetitions` in all, and shows the progress on a
  // terminal. Returns false if Ctrl-C stopped it.
  bool run(benchmark::BenchmarkReporter& reporter, int repetitions);

  // Returns what is measured so far: a table for each problem, rows in order of registration.
  std::vector<Table> tables() const;

 private:
  struct Entry {
    const Ladder& ladder;
    const LadderRung& rung;
    Row row;
    bool checked = false;
    std::int64_t iterations = 0;  // calls in each of row.seconds
  };

  void add(const Ladder& ladder, const LadderRung& rung, int threads);
  void time(benchmark::State& state, Entry& entry);
  void check(Entry& entry);
  void print_progress(const Entry& entry);

  std::deque<Entry> entries_;  // a deque: the benchmarks hold references
  int repetitions_ = 0;        // of all entries; 0: no progress line
  Clock::time_point began_, printed_;
};

}  // namespace foundations
