// Measures seconds.
#pragma once

#include <algorithm>
#include <chrono>

namespace foundations {

using Clock = std::chrono::steady_clock;

// Returns the time on the wall's clock, from an origin of its own.
inline double now() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

inline double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

// Returns how long work() takes undisturbed: the minimum of many runs, for `seconds` and at least
// two.
template <class Work>
double fastest_run(double seconds, Work work) {
  double least = 1e9;
  const Clock::time_point began = Clock::now();
  for (int run = 0; run < 2 || seconds_since(began) < seconds; ++run) {
    const Clock::time_point run_began = Clock::now();
    work();
    least = std::min(least, seconds_since(run_began));
  }
  return least;
}

}  // namespace foundations
