// How the time of a product n x n x n grows with n, and from which n on threads pay.
//
//   bazel run //03_einsum:growth
//   bazel run //03_einsum:growth -- --benchmark_filter=threaded
//
// First Google Benchmark's own lines: after each series the curve that fits its times best (BigO)
// and how far they lie from it (RMS). Then, by the minima, what threads gain at each size.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/bench/ladder_timing.h"
#include "common/bench/machine.h"
#include "common/bench/matmul_ladder.h"
#include "common/reference/reference.h"

namespace foundations::ch03 {
namespace {

constexpr int64_t kLeastN = 64, kMostN = 2048;
constexpr int64_t kMostChecked = 256;  // the n up to which the product in double is no long wait
constexpr double kGain = 1.05;         // less is not told from noise

// The fastest call for each n, on `threads` threads.
struct Series {
  Rung<Matmul> rung;
  int threads;
  std::map<int64_t, double> seconds = {};
  bool refused = false;
};

// Takes threads however little the work is: where they pay is what is to be measured.
Tensor threaded_regardless(const Tensor& a, const Tensor& b) {
  return threaded_on(max_threads(), a, b);
}

constexpr Rung<Matmul> kOneThread[] = {{"cache_tiles", cache_tiles},
                                       {"register_tile", register_tile},
                                       {"packed", packed},
                                       {"threaded", threaded_regardless},
                                       {"matmul", matmul}};
constexpr Rung<Matmul> kAllThreads[] = {{"threaded", threaded_regardless}, {"matmul", matmul}};

// Made once for each n.
const MatmulProblem& problem(int64_t n) {
  static std::map<int64_t, MatmulProblem> made;
  const auto found = made.find(n);
  return found != made.end() ? found->second : made[n] = random_matmul(n, n, n);
}

void time(benchmark::State& state, Series& series) {
  const int64_t n = state.range(0);
  const auto& [what, a, b] = problem(n);
  set_threads(series.threads);
  if (n <= kMostChecked && series.seconds.count(n) == 0) {
    const std::string wrong = matmul_mismatch(series.rung.run(a, b), a, b);
    series.refused |= !wrong.empty();
    if (!wrong.empty()) return state.SkipWithError(wrong.c_str());
  }
  double& least = series.seconds.try_emplace(n, 1e9).first->second;
  for (auto iteration : state) {
    const Clock::time_point began = Clock::now();
    series.rung.run(a, b);
    const double seconds = seconds_since(began);
    state.SetIterationTime(seconds);
    least = std::min(least, seconds);
  }
  state.SetComplexityN(n);
}

// Google Benchmark's lines under our machine card. (Debian's library would call itself a DEBUG
// build above them; what is timed is not.)
class Lines : public benchmark::ConsoleReporter {
 public:
  explicit Lines(const std::vector<int>& thread_counts)
      : ConsoleReporter(OO_None), card_(machine_card(thread_counts)) {}
  bool ReportContext(const Context& context) override {
    name_field_width_ = context.name_field_width;
    GetOutputStream() << card_ << std::endl;
    return true;
  }

 private:
  const std::string card_;
};

// n, both times and the gain for each n that both have, and from where on there is a gain.
void print_gain(const Series& alone, const Series& together) {
  int64_t pays_from = 0;
  std::string rows;
  for (const auto& [n, seconds] : alone.seconds) {
    const auto other = together.seconds.find(n);
    if (other == together.seconds.end()) continue;
    const double gain = seconds / other->second;
    if (gain < kGain) pays_from = 0;
    if (gain >= kGain && pays_from == 0) pays_from = n;
    rows += fmt::format("  {:>6}  {:>9}  {:>9}  {:>5}\n", n, format_seconds(seconds),
                        format_seconds(other->second), format_factor(gain));
  }
  if (rows.empty()) return;
  std::cout << fmt::format("\n{}\n       n   1 thread  {} threads   gain\n{}", alone.rung.name,
                           together.threads, rows);
  if (pays_from == 0) {
    std::cout << "More threads gain nothing at these sizes.\n";
  } else if (pays_from == alone.seconds.begin()->first) {
    std::cout << "More threads pay at all of these sizes.\n";
  } else {
    std::cout << "Below n = " << pays_from << " more threads gain nothing.\n";
  }
}

void add(Series& series) {
  const std::string name = fmt::format("{}/threads:{}", series.rung.name, series.threads);
  benchmark::RegisterBenchmark(name.c_str(), [&series](benchmark::State& s) { time(s, series); })
      ->ArgName("n")
      ->RangeMultiplier(2)
      ->Range(kLeastN, kMostN)
      ->UseManualTime()
      ->Complexity();
}

int measure(char* name, const std::vector<std::string>& flags) {
  initialize_benchmark(name, flags);
  const int all = max_threads();
  std::vector<Series> series;
  for (const Rung<Matmul>& rung : kOneThread) series.push_back({rung, 1});
  for (const Rung<Matmul>& rung : kAllThreads) {
    if (all > 1) series.push_back({rung, all});
  }
  for (Series& each : series) add(each);
  Lines lines(all > 1 ? std::vector{1, all} : std::vector{1});
  if (benchmark::RunSpecifiedBenchmarks(&lines) == 0) return 2;  // it has said why
  if (all == 1) std::cout << "\nThere is one thread: nothing to compare.\n";
  for (const Series& alone : series) {
    for (const Series& together : series) {
      const bool same = together.rung.name == alone.rung.name;
      if (same && alone.threads < together.threads) print_gain(alone, together);
    }
  }
  return std::any_of(series.begin(), series.end(), [](const Series& s) { return s.refused; });
}

}  // namespace
}  // namespace foundations::ch03

int main(int argc, char** argv) {
  foundations::Program program("How the time of a product n x n x n grows with n.");
  const auto& flags = program.pass_on(
      "--benchmark_", "And flags of Google Benchmark, such as --benchmark_filter=REGEX.");
  return program.run(argc, argv, [&] { return foundations::ch03::measure(argv[0], flags); });
}
