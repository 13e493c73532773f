#include "01_matmul/timeit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

namespace foundations::ch01 {
namespace {

TEST(TimeitTest, ReturnsTheValueAndPrintsSecondsWithFiveDecimals) {
  testing::internal::CaptureStdout();
  const int product = timeit(
      "multiply", [](int a, int b) { return a * b; }, 6, 7);
  EXPECT_THAT(testing::internal::GetCapturedStdout(),
              testing::MatchesRegex("multiply took [0-9]+\\.[0-9]{5}s\n"));
  EXPECT_EQ(product, 42);
}

TEST(TimeitTest, CountsTheTimeOfTheWork) {
  testing::internal::CaptureStdout();
  timeit("sleep", [] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return 0;
  });
  const std::string printed = testing::internal::GetCapturedStdout();
  EXPECT_GE(std::stod(printed.substr(std::string("sleep took ").size())), 0.02) << printed;
}

// The lines of the notes, from runs with their mean and deviation.
TEST(TimeitTest, PrintsWhatPercentTimeitPrints) {
  const Timing loops{{0.92553, 0.91847}, 1};
  EXPECT_EQ(to_string(loops),
            "922 ms ± 3.53 ms per loop (mean ± std. dev. of 2 runs, 1 loop each)");
  const Timing rows{{1.4128e-3, 1.2872e-3}, 1000};
  EXPECT_EQ(to_string(rows),
            "1.35 ms ± 62.8 µs per loop (mean ± std. dev. of 2 runs, 1000 loops each)");
  const Timing quick{{12e-9}, 10000000};
  EXPECT_EQ(to_string(quick),
            "12 ns ± 0 ns per loop (mean ± std. dev. of 1 runs, 10000000 loops each)");
  const Timing slow{{75, 75}, 1};
  EXPECT_EQ(to_string(slow), "75 s ± 0 ns per loop (mean ± std. dev. of 2 runs, 1 loop each)");
}

TEST(TimeitTest, RunsTheBodySevenTimesAfterFindingHowOften) {
  std::int64_t calls = 0;
  const auto began = std::chrono::steady_clock::now();
  const Timing timing = percent_timeit([&calls] {
    ++calls;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  EXPECT_EQ(timing.seconds_per_loop.size(), 7u);
  std::int64_t looking = 0;  // 1 + 10 + ... calls before the seven runs
  for (std::int64_t loops = 1; loops <= timing.loops; loops *= 10) looking += loops;
  EXPECT_EQ(calls, looking + 7 * timing.loops);
  double all = 0;
  for (const double seconds : timing.seconds_per_loop) {
    EXPECT_GE(seconds, 0.025);
    all += seconds * static_cast<double>(timing.loops);
  }
  EXPECT_LE(all, took.count());
}

TEST(TimeitTest, RunsTheBodyAsOftenAsItIsTold) {
  std::int64_t calls = 0;
  EXPECT_EQ(percent_timeit([&calls] { ++calls; }, 10).loops, 10);
  EXPECT_EQ(calls, 7 * 10);
}

}  // namespace
}  // namespace foundations::ch01
