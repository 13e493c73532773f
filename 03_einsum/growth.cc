// How the time of a product n x n x n grows with n, and from which n on threads pay.
//
//   bazel run //03_einsum:growth
//   bazel run //03_einsum:growth -- --benchmark_filter=blocked
//
// First Google Benchmark's own lines: after each series the curve that fits its times best (BigO)
// and how far they lie from it (RMS). Then, by the minima, what threads gain at each size. All of
// Google Benchmark's flags work, but for --benchmark_format: --benchmark_out=FILE writes JSON.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/base/stdout.h"
#include "common/bench/ladder.h"
#include "common/bench/ladder_table.h"
#include "common/bench/machine_card.h"
#include "common/reference/reference.h"

namespace foundations::ch03 {
namespace {

constexpr int64_t kLeastN = 64, kMostN = 2048;
constexpr int64_t kMostChecked = 256;  // the n up to which the product in double is no long wait
constexpr double kGain = 1.05;         // less is not told from noise

using Multiply = Tensor (*)(const Tensor& a, const Tensor& b);
using Clock = std::chrono::steady_clock;

// The fastest call for each n, on so many threads.
struct Series {
  std::string name;
  Multiply multiply;
  int threads;
  std::map<int64_t, double> seconds = {};
  bool refused = false;
};

// blocked without its own judgement, which is what is to be measured here.
Tensor blocked_regardless(const Tensor& a, const Tensor& b) {
  return blocked_on(max_threads(), a, b);
}

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
    const std::string wrong = matmul_mismatch(series.multiply(a, b), a, b);
    series.refused |= !wrong.empty();
    if (!wrong.empty()) return state.SkipWithError(wrong.c_str());
  }
  for (auto _ : state) {
    const Clock::time_point began = Clock::now();
    benchmark::DoNotOptimize(series.multiply(a, b).data());
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    state.SetIterationTime(seconds);
    const auto [least, is_first] = series.seconds.try_emplace(n, seconds);
    least->second = std::min(least->second, seconds);
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
    char row[80];
    std::snprintf(row, sizeof row, "  %6lld  %9s  %9s  %5s\n", static_cast<long long>(n),
                  format_seconds(seconds).c_str(), format_seconds(other->second).c_str(),
                  format_factor(gain).c_str());
    rows += row;
  }
  if (rows.empty()) return;
  std::printf("\n%s\n       n   1 thread  %d threads   gain\n%s", alone.name.c_str(),
              together.threads, rows.c_str());
  if (pays_from == 0) {
    std::printf("More threads gain nothing at these sizes.\n");
  } else if (pays_from == alone.seconds.begin()->first) {
    std::printf("More threads pay at all of these sizes.\n");
  } else {
    std::printf("Below n = %lld more threads gain nothing.\n", static_cast<long long>(pays_from));
  }
}

int run() {
  const int all = max_threads();
  const std::set<int> thread_counts = {1, all};
  std::vector<Series> series = {{"cache_tiles", cache_tiles, 1},
                                {"register_tile", register_tile, 1},
                                {"packed", packed, 1},
                                {"blocked", blocked_regardless, 1},
                                {"matmul", matmul, 1}};
  if (all > 1) {
    series.push_back({"blocked", blocked_regardless, all});
    series.push_back({"matmul", matmul, all});
  }
  for (Series& each : series) {
    const std::string name = each.name + "/threads:" + std::to_string(each.threads);
    benchmark::RegisterBenchmark(name.c_str(), [&each](benchmark::State& s) { time(s, each); })
        ->ArgName("n")
        ->RangeMultiplier(2)
        ->Range(kLeastN, kMostN)
        ->UseManualTime()
        ->Complexity();
  }
  Lines lines({thread_counts.begin(), thread_counts.end()});
  if (benchmark::RunSpecifiedBenchmarks(&lines) == 0) return 2;  // it has said why
  if (all == 1) std::printf("\nThere is one thread: nothing to compare.\n");
  for (const Series& alone : series) {
    for (const Series& together : series) {
      if (together.name == alone.name && alone.threads < together.threads) {
        print_gain(alone, together);
      }
    }
  }
  return std::any_of(series.begin(), series.end(), [](const Series& s) { return s.refused; });
}

}  // namespace
}  // namespace foundations::ch03

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv, [] {
    benchmark::PrintDefaultHelp();
    foundations::flush_stdout();
  });
  if (argc > 1) {
    std::cerr << "growth: unknown flag '" << argv[1] << "'; --help lists the flags\n";
    return 2;
  }
  const int status = foundations::ch03::run();
  foundations::flush_stdout();
  return status;
} catch (const std::exception& error) {
  std::cerr << "growth: " << error.what() << "\n";
  return 2;
}
