#include "common/bench/machine.h"

#include <gtest/gtest.h>

namespace foundations {
namespace {

// Bytes per second: fewer than any machine reads that can build this, and more than any reads.
constexpr double kLeast = 1e7, kMost = 1e14;

TEST(Bandwidth, OfAnyNumberOfBytesAndThreads) {
  for (const std::int64_t bytes : {8, 24, 47240, 20'000'000}) {
    const double bandwidth = read_bandwidth(bytes, 1);
    EXPECT_TRUE(bandwidth > kLeast && bandwidth < kMost) << bytes << " bytes: " << bandwidth;
  }
  EXPECT_GT(read_bandwidth(1000, 3), kLeast);
}

TEST(Bandwidth, OfMemoryIsMeasuredOnce) {
  const double bandwidth = memory_bandwidth(1);
  EXPECT_TRUE(bandwidth > kLeast && bandwidth < kMost) << bandwidth;
  EXPECT_EQ(memory_bandwidth(1), bandwidth);
}

TEST(PeakFlops, IsMeasuredOnce) {
  const double peak = peak_flops(1);
  EXPECT_GT(peak, 1e8);  // any machine that can build this is faster
  EXPECT_EQ(peak_flops(1), peak);
}

}  // namespace
}  // namespace foundations
