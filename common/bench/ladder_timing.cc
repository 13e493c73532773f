#include "common/bench/ladder_timing.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <set>

#include "common/base/openmp.h"
#include "common/bench/peak.h"

namespace foundations {
namespace {

volatile std::sig_atomic_t stop_requested = 0;

void request_stop(int) { stop_requested = 1; }

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

std::set<int> threads_of(const Ladder& ladder) {
  return kOpenMp ? std::set<int>(ladder.threads.begin(), ladder.threads.end()) : std::set<int>{1};
}

}  // namespace

void stop_on_ctrl_c() {
  struct sigaction action = {};
  action.sa_handler = request_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
}

LadderTiming::LadderTiming(const std::vector<Ladder>& ladders) {
  for (const Ladder& ladder : ladders) {
    std::vector<std::string> names;
    std::vector<std::int64_t> sizes;
    for (const auto& [name, size] : ladder.sizes) {
      names.push_back(name);
      sizes.push_back(size);
    }
    names.push_back("threads");
    for (const int threads : threads_of(ladder)) {
      std::vector<std::int64_t> arguments = sizes;
      arguments.push_back(threads);
      for (const LadderRung& rung : ladder.rungs) {
        Entry& entry = entries_.emplace_back();
        entry.ladder = &ladder;
        entry.rung = &rung;
        entry.row.chapter = ladder.chapter;
        entry.row.name = rung.name;
        entry.row.threads = threads;
        entry.row.flops = rung.flops;
        entry.row.bytes = rung.bytes;
        entry.row.notes_seconds = rung.notes_seconds;
        benchmark::RegisterBenchmark(
            (ladder.chapter + "/" + rung.name).c_str(),
            [this, &entry](benchmark::State& state) { time(state, entry); })
            ->Args(arguments)
            ->ArgNames(names)
            ->UseRealTime();
      }
    }
  }
}

std::vector<int> LadderTiming::thread_counts() const {
  std::set<int> counts;
  for (const Entry& entry : entries_) counts.insert(entry.row.threads);
  return {counts.begin(), counts.end()};
}

void LadderTiming::check(Entry& entry) {
  try {
    entry.trial = entry.rung->setup();
    entry.row.fault = entry.trial.fault ? entry.trial.fault() : "";
    if (entry.ladder->memory && entry.row.fault.empty()) {
      const std::int64_t before = memory_allocated();
      reset_peak_memory_stats();
      entry.trial.run();
      entry.row.memory = static_cast<double>(max_memory_allocated() - before);
    }
  } catch (const std::exception& error) {
    entry.row.fault = std::string("it threw: ") + error.what();
  }
}

// Google Benchmark calls this with more and more iterations until they take --benchmark_min_time,
// and then once more for each further repetition with the same number of iterations.
void LadderTiming::time(benchmark::State& state, Entry& entry) {
  print_progress(entry);
  set_threads(entry.row.threads);
  if (!entry.trial.run && entry.row.fault.empty()) check(entry);
  if (!entry.row.fault.empty()) return state.SkipWithError(entry.row.fault.c_str());

  const auto began = std::chrono::steady_clock::now();
  for (auto _ : state) {
    entry.trial.run();
    if (stop_requested) throw Stopped();
  }
  const double seconds = seconds_since(began);

  if (state.iterations() != entry.iterations) entry.row.seconds.clear();
  entry.iterations = state.iterations();
  entry.row.seconds.push_back(seconds / static_cast<double>(entry.iterations));
  const double runs = static_cast<double>(entry.iterations);
  if (entry.row.flops > 0) {
    state.counters["GFLOP/s"] =
        benchmark::Counter(entry.row.flops * runs / 1e9, benchmark::Counter::kIsRate);
  }
  if (entry.row.bytes > 0) {
    state.counters["GB/s"] =
        benchmark::Counter(entry.row.bytes * runs / 1e9, benchmark::Counter::kIsRate);
  }
}

void LadderTiming::show_progress(int runs) {
  runs_expected_ = runs;
  began_ = std::chrono::steady_clock::now();
}

void LadderTiming::print_progress(const Entry& entry) {
  constexpr double kInterval = 0.1;  // seconds; a terminal is slow, and nobody reads faster
  if (runs_expected_ == 0 || seconds_since(printed_) < kInterval) return;
  printed_ = std::chrono::steady_clock::now();
  int done = 0;
  for (const Entry& other : entries_) done += static_cast<int>(other.row.seconds.size());
  const std::string line =
      progress_line(entry.row.chapter + "/" + entry.row.name, std::min(done, runs_expected_),
                    runs_expected_, seconds_since(began_));
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
}

std::vector<Table> LadderTiming::tables() const {
  std::vector<Table> tables;
  for (const Entry& entry : entries_) {
    const std::string& problem = entry.ladder->problem;
    auto table = std::find_if(tables.begin(), tables.end(),
                              [&problem](const Table& t) { return t.heading == problem; });
    if (table == tables.end()) table = tables.insert(table, {problem, {}, entry.ladder->sizes});
    table->rows.push_back(entry.row);
    if (!entry.row.seconds.empty()) table->rows.back().peak = peak_flops(entry.row.threads);
  }
  return tables;
}

bool LadderTiming::any_refused() const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const Entry& entry) { return !entry.row.fault.empty(); });
}

}  // namespace foundations
