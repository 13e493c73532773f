#include "common/bench/bandwidth.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

#include "common/base/openmp.h"

namespace foundations {
namespace {

constexpr std::int64_t kMegabyte = 1 << 20;

using Word = std::uint64_t;  // integers: their sum may be taken in any order, so in wide vectors
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

// 0 where the system does not say.
std::int64_t last_cache_bytes() {
#ifdef _SC_LEVEL3_CACHE_SIZE
  return std::max(sysconf(_SC_LEVEL3_CACHE_SIZE), 0L);
#else
  return 0;
#endif
}

}  // namespace

double read_bandwidth(std::int64_t bytes, int threads) {
  constexpr double kSeconds = 0.1;
  if (!kOpenMp) threads = 1;
  const std::int64_t count = bytes / static_cast<std::int64_t>(sizeof(Word));
  const std::int64_t passes = 1 + 16 * kMegabyte / bytes;
  // Not cleared here: each thread is the first to touch its share, which is then near to it.
  const std::unique_ptr<Word[]> words(new Word[static_cast<std::size_t>(count)]);
  Word* volatile start = words.get();  // read anew in every pass, or one pass would do for all
  volatile Word sink = 0;

#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int t = 0; t < threads; ++t) {
    std::fill(start + count * t / threads, start + count * (t + 1) / threads, Word{1});
  }
  double least = std::numeric_limits<double>::infinity();
  const auto began = Clock::now();
  for (int run = 0; run < 2 || seconds_since(began) < kSeconds; ++run) {
    const auto run_began = Clock::now();
    Word sum = 0;
#pragma omp parallel for num_threads(threads) schedule(static, 1) reduction(+ : sum)
    for (int t = 0; t < threads; ++t) {
      for (std::int64_t pass = 0; pass < passes; ++pass) {
        const Word* const first = start;
        sum += std::accumulate(first + count * t / threads, first + count * (t + 1) / threads,
                               Word{0});
      }
    }
    least = std::min(least, seconds_since(run_began));
    sink = sum;
  }
  static_cast<void>(sink);
  return static_cast<double>(count * passes) * sizeof(Word) / least;
}

double memory_bandwidth(int threads) {
  static std::map<int, double> measured;
  if (!kOpenMp) threads = 1;
  double& bandwidth = measured[threads];
  if (bandwidth > 0) return bandwidth;
  const std::int64_t bytes = std::clamp(4 * last_cache_bytes(), 64 * kMegabyte, 1024 * kMegabyte);
  return bandwidth = read_bandwidth(bytes, threads);
}

}  // namespace foundations
