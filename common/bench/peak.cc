#include "common/bench/peak.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>

#include "common/base/openmp.h"

namespace foundations {
namespace {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif
constexpr int kLanes = kVectorBytes / sizeof(float);
typedef float Vector __attribute__((vector_size(kVectorBytes)));

// A multiply-add takes 4 cycles or so and a core starts two in each: 8 to 10 independent chains
// keep it busy. 12 chains and their two constants still fit in 16 registers.
constexpr int kChains = 12;

// x <- 0.5 x + start, `rounds` times in every lane of every chain: settles at 2 * start.
float multiply_add(std::int64_t rounds, float start) {
  Vector chain[kChains];
  for (int c = 0; c < kChains; ++c) chain[c] = Vector{} + start * static_cast<float>(c + 1);
  const Vector half = Vector{} + 0.5f, term = Vector{} + start;
  for (std::int64_t r = 0; r < rounds; ++r) {
    for (int c = 0; c < kChains; ++c) chain[c] = chain[c] * half + term;
  }
  float sum = 0;
  for (int c = 0; c < kChains; ++c) sum += chain[c][0];
  return sum;
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

// Operations per second of the calling thread, in the best of many short runs: one of them meets no
// other program.
double best_run() {
  constexpr double kSeconds = 0.05;
  constexpr std::int64_t kRounds = 100'000;  // about 0.5 ms
  volatile float start = 1;  // not known to the compiler, or it would work the answer out itself
  volatile float sink = 0;
  double least = std::numeric_limits<double>::infinity();
  for (const auto began = Clock::now(); seconds_since(began) < kSeconds;) {
    const auto run_began = Clock::now();
    sink = multiply_add(kRounds, start);
    least = std::min(least, seconds_since(run_began));
  }
  static_cast<void>(sink);
  return 2.0 * kChains * kLanes * kRounds / least;
}

}  // namespace

double peak_flops(int threads) {
  static std::map<int, double> measured;
  if (!kOpenMp) threads = 1;
  double& peak = measured[threads];
  if (peak > 0) return peak;
  double sum = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : sum) schedule(static, 1)
  for (int t = 0; t < threads; ++t) sum += best_run();
  return peak = sum;
}

}  // namespace foundations
