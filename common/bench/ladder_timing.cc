#include "common/bench/ladder_timing.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <set>
#include <stdexcept>

#include "common/base/openmp.h"
#include "common/base/terminal.h"
#include "common/bench/machine.h"

namespace foundations {
namespace {

volatile std::sig_atomic_t stop_requested = 0;

// Makes the running benchmark throw Stopped at the first Ctrl-C, which comes out of
// RunSpecifiedBenchmarks. (A benchmark cannot just end early: Google Benchmark aborts if
// repetitions differ in iterations.) A second Ctrl-C ends the program as usual.
struct Stopped {};

void stop_on_ctrl_c() {
  struct sigaction action = {};
  action.sa_handler = [](int) { stop_requested = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  stop_requested = 0;
}

std::set<int> threads_of(const Ladder& ladder) {
  return kOpenMp ? std::set<int>(ladder.threads.begin(), ladder.threads.end()) : std::set<int>{1};
}

void count_rate(benchmark::State& state, const char* name, double amount) {
  if (amount == 0) return;
  const double all = amount * static_cast<double>(state.iterations()) / 1e9;
  state.counters[name] = benchmark::Counter(all, benchmark::Counter::kIsRate);
}

}  // namespace

void initialize_benchmark(char* program, std::vector<std::string> flags) {
  std::vector<char*> argv = {program +
                             (std::string_view(program).rfind('/') + 1)};  // npos + 1 is 0
  for (std::string& flag : flags) argv.push_back(flag.data());
  int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  benchmark::Initialize(&argc, argv.data());
  if (argc > 1) {
    throw std::invalid_argument("unknown argument '" + std::string(argv[1]) +
                                "'; --help lists what there is");
  }
}

LadderTiming::LadderTiming(const std::vector<Ladder>& ladders) {
  for (const Ladder& ladder : ladders) {
    for (const int threads : threads_of(ladder)) {
      for (const LadderRung& rung : ladder.rungs) add(ladder, rung, threads);
    }
  }
}

LadderTiming::~LadderTiming() { benchmark::ClearRegisteredBenchmarks(); }

void LadderTiming::add(const Ladder& ladder, const LadderRung& rung, int threads) {
  Entry& entry = entries_.emplace_back(Entry{ladder, rung, {}});
  entry.row = {.chapter = ladder.chapter,
               .name = rung.name,
               .threads = threads,
               .flops = rung.work.flops,
               .bytes = rung.work.bytes,
               .notes_seconds = rung.work.notes_seconds};
  std::vector<std::string> names;
  std::vector<std::int64_t> sizes;
  for (const auto& [name, size] : ladder.sizes) {
    names.push_back(name);
    sizes.push_back(size);
  }
  names.push_back("threads");
  sizes.push_back(threads);
  benchmark::RegisterBenchmark((ladder.chapter + "/" + rung.name).c_str(),
                               [this, &entry](benchmark::State& state) { time(state, entry); })
      ->Args(sizes)
      ->ArgNames(names)
      ->UseRealTime();
}

std::vector<int> LadderTiming::thread_counts() const {
  std::set<int> counts;
  for (const Entry& entry : entries_) counts.insert(entry.row.threads);
  return {counts.begin(), counts.end()};
}

bool LadderTiming::run(benchmark::BenchmarkReporter& reporter, int repetitions) {
  repetitions_ = takes_escapes(STDERR_FILENO) ? repetitions : 0;
  began_ = Clock::now();
  benchmark::AddCustomContext("cpu", cpu_name());
  stop_on_ctrl_c();
  bool complete = true;
  try {
    benchmark::RunSpecifiedBenchmarks(&reporter);
  } catch (const Stopped&) {
    complete = false;
    reporter.Finalize();  // JSON wants its closing bracket
  }
  if (repetitions_ > 0) std::cerr << "\r\033[K";
  return complete;
}

void LadderTiming::check(Entry& entry) {
  entry.checked = true;
  try {
    if (entry.rung.fault) entry.row.fault = entry.rung.fault();
    if (entry.ladder.memory && entry.row.fault.empty()) {
      const std::int64_t before = memory_allocated();
      reset_peak_memory_stats();
      entry.rung.run();
      entry.row.memory = static_cast<double>(max_memory_allocated() - before);
    }
  } catch (const std::exception& error) {
    entry.row.fault = std::string("it threw: ") + error.what();
  }
}

// Runs one repetition. Google Benchmark calls this with more and more iterations until they take
// --benchmark_min_time, then with that number of iterations once for each further repetition.
void LadderTiming::time(benchmark::State& state, Entry& entry) {
  print_progress(entry);
  set_threads(entry.row.threads);
  if (!entry.checked) check(entry);
  if (!entry.row.fault.empty()) return state.SkipWithError(entry.row.fault.c_str());

  const Clock::time_point began = Clock::now();
  for (auto iteration : state) {
    entry.rung.run();
    if (stop_requested) throw Stopped();
  }
  const double seconds = seconds_since(began);

  if (state.iterations() != entry.iterations) entry.row.seconds.clear();
  entry.iterations = state.iterations();
  entry.row.seconds.push_back(seconds / static_cast<double>(entry.iterations));
  count_rate(state, "GFLOP/s", entry.row.flops);
  count_rate(state, "GB/s", entry.row.bytes);
}

void LadderTiming::print_progress(const Entry& entry) {
  constexpr double kInterval = 0.1;  // seconds; a terminal is slow, and you do not read faster
  if (repetitions_ == 0 || seconds_since(printed_) < kInterval) return;
  printed_ = Clock::now();
  int done = 0;
  for (const Entry& other : entries_) done += static_cast<int>(other.row.seconds.size());
  const std::string name = entry.row.chapter + "/" + entry.row.name;
  std::cerr << "\r"
            << progress_line(name, std::min(done, repetitions_), repetitions_,
                             seconds_since(began_))
            << "\033[K" << std::flush;
}

std::vector<Table> LadderTiming::tables() const {
  std::vector<Table> tables;
  for (const Entry& entry : entries_) {
    const std::string& problem = entry.ladder.problem;
    auto table = std::find_if(tables.begin(), tables.end(),
                              [&problem](const Table& t) { return t.heading == problem; });
    if (table == tables.end()) table = tables.insert(table, {problem, {}, entry.ladder.sizes});
    table->rows.push_back(entry.row);
    if (!entry.row.seconds.empty()) table->rows.back().peak = peak_flops(entry.row.threads);
  }
  return tables;
}

}  // namespace foundations
