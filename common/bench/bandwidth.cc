#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>

#include "common/base/openmp.h"
#include "common/bench/machine.h"
#include "common/bench/stopwatch.h"

namespace foundations {
namespace {

constexpr std::int64_t kMebibyte = 1 << 20;

using Word = std::uint64_t;  // integers may be added in any order, so in wide vectors

// Returns 0 if the system does not tell.
std::int64_t last_cache_bytes() {
#ifdef _SC_LEVEL3_CACHE_SIZE
  return std::max(sysconf(_SC_LEVEL3_CACHE_SIZE), 0L);
#else
  return 0;
#endif
}

}  // namespace

double read_bandwidth(std::int64_t bytes, int threads) {
  if (!kOpenMp) threads = 1;
  const std::int64_t count = bytes / static_cast<std::int64_t>(sizeof(Word));
  const std::int64_t passes = 1 + 16 * kMebibyte / bytes;
  // Not cleared here: each thread touches its share first, so that the memory is near it.
  const std::unique_ptr<Word[]> words(new Word[static_cast<std::size_t>(count)]);
  Word* volatile start = words.get();  // read anew in every pass, or the compiler needs only one
  volatile Word sink = 0;

#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int t = 0; t < threads; ++t) {
    std::fill(start + count * t / threads, start + count * (t + 1) / threads, Word{1});
  }
  const double seconds = fastest_run(0.1, [&] {
    Word sum = 0;
#pragma omp parallel for num_threads(threads) schedule(static, 1) reduction(+ : sum)
    for (int t = 0; t < threads; ++t) {
      for (std::int64_t pass = 0; pass < passes; ++pass) {
        const Word* const first = start;
        sum += std::accumulate(first + count * t / threads, first + count * (t + 1) / threads,
                               Word{0});
      }
    }
    sink = sum;
  });
  static_cast<void>(sink);
  return static_cast<double>(count * passes) * sizeof(Word) / seconds;
}

double memory_bandwidth(int threads) {
  static std::map<int, double> measured;
  double& bandwidth = measured[kOpenMp ? threads : 1];
  const std::int64_t bytes = std::clamp(4 * last_cache_bytes(), 64 * kMebibyte, 1024 * kMebibyte);
  if (bandwidth == 0) bandwidth = read_bandwidth(bytes, threads);
  return bandwidth;
}

}  // namespace foundations
