// The notes' two stopwatches: their @timeit decorator and IPython's %timeit. Read them here; the
// tables of this book come from common/bench/ladder.h, which takes more care.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace foundations::ch01 {

// Calls function(args...), prints "NAME took 0.92200s", and returns what the function returned.
template <class Function, class... Args>
auto timeit(std::string_view name, Function function, const Args&... args) {
  const auto start = std::chrono::steady_clock::now();
  auto result = function(args...);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%.*s took %.5fs\n", static_cast<int>(name.size()), name.data(), took.count());
  return result;
}

// What %timeit measures: 7 runs of `loops` calls each.
struct Timing {
  std::vector<double> seconds_per_loop;  // one for each run
  std::int64_t loops;
};

// Times body() as `%timeit -n loops` does. Without loops, it takes the first power of ten with
// which a run lasts 0.2 s.
Timing percent_timeit(const std::function<void()>& body, std::int64_t loops = 0);

// Returns "922 ms ± 3.53 ms per loop (mean ± std. dev. of 7 runs, 1 loop each)"
std::string to_string(const Timing& timing);

}  // namespace foundations::ch01
