#include <map>

#include "common/base/openmp.h"
#include "common/bench/machine.h"
#include "common/bench/stopwatch.h"
#include "common/linalg/vector.h"

namespace foundations {
namespace {

// A multiply-add takes 4 cycles or so, and a core starts two in each cycle: 8 to 10 independent
// chains keep it busy. 12 chains and their two constants still fit in 16 registers.
constexpr int kChains = 12;

// Computes x <- 0.5 x + start, `rounds` times in every lane of every chain: x settles at 2 * start.
float multiply_add(std::int64_t rounds, float start) {
  Vector<float> chain[kChains];
  for (int c = 0; c < kChains; ++c) chain[c] = Vector<float>{} + start * static_cast<float>(c + 1);
  const Vector<float> half = Vector<float>{} + 0.5f, term = Vector<float>{} + start;
  for (std::int64_t r = 0; r < rounds; ++r) {
    for (int c = 0; c < kChains; ++c) chain[c] = chain[c] * half + term;
  }
  float sum = 0;
  for (int c = 0; c < kChains; ++c) sum += chain[c][0];
  return sum;
}

// Returns the operations per second of the calling thread.
double best_of_thread() {
  constexpr std::int64_t kRounds = 100'000;  // about 0.5 ms
  volatile float start = 1;  // unknown to the compiler, or it would compute the answer itself
  volatile float sink = 0;
  const double seconds = fastest_run(0.05, [&] { sink = multiply_add(kRounds, start); });
  static_cast<void>(sink);
  return 2.0 * kChains * static_cast<double>(kLanes<float>) * kRounds / seconds;
}

}  // namespace

double peak_flops(int threads) {
  static std::map<int, double> measured;
  if (!kOpenMp) threads = 1;
  double& peak = measured[threads];
  if (peak > 0) return peak;
  double sum = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : sum) schedule(static, 1)
  for (int t = 0; t < threads; ++t) sum += best_of_thread();
  return peak = sum;
}

}  // namespace foundations
