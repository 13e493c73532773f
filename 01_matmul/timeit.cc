#include "01_matmul/timeit.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace foundations::ch01 {
namespace {

// Returns "1.35 ms": three significant digits, in the largest unit with a digit before the point.
std::string with_unit(double seconds) {
  constexpr std::array<const char*, 4> kUnits = {"s", "ms", "µs", "ns"};
  int thousands = 3;  // how often to multiply by 1000
  if (seconds > 0) thousands = std::min(-static_cast<int>(std::floor(std::log10(seconds) / 3)), 3);
  thousands = std::max(thousands, 0);
  return fmt::format("{:.3g} {}", seconds * std::pow(1000, thousands), kUnits[thousands]);
}

// Returns the seconds that pass while body() runs.
double seconds_for(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Timing percent_timeit(const std::function<void()>& body, std::int64_t loops) {
  constexpr int kRuns = 7;
  constexpr double kLongEnough = 0.2;
  const auto run = [&] {
    for (std::int64_t i = 0; i < loops; ++i) body();
  };
  if (loops == 0) {
    for (loops = 1; seconds_for(run) < kLongEnough;) loops *= 10;
  }
  Timing timing{{}, loops};
  for (int r = 0; r < kRuns; ++r) timing.seconds_per_loop.push_back(seconds_for(run) / loops);
  return timing;
}

std::string to_string(const Timing& timing) {
  const std::vector<double>& runs = timing.seconds_per_loop;
  const double mean = std::accumulate(runs.begin(), runs.end(), 0.0) / runs.size();
  double squares = 0;
  for (const double run : runs) squares += (run - mean) * (run - mean);
  return with_unit(mean) + " ± " + with_unit(std::sqrt(squares / runs.size())) +
         " per loop (mean ± std. dev. of " + std::to_string(runs.size()) + " runs, " +
         std::to_string(timing.loops) + (timing.loops == 1 ? " loop each)" : " loops each)");
}

}  // namespace foundations::ch01
