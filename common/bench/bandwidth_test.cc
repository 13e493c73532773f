#include "common/bench/bandwidth.h"

#include <gtest/gtest.h>

#include <cmath>

namespace foundations {
namespace {

// Bytes per second: what any machine reads that could build this, and more than any reads.
constexpr double kLeast = 1e7, kMost = 1e14;

TEST(ReadBandwidth, AnyNumberOfBytesAndThreads) {
  for (const std::int64_t bytes : {8, 24, 47240, 20'000'000}) {
    const double bandwidth = read_bandwidth(bytes, 1);
    EXPECT_TRUE(bandwidth > kLeast && bandwidth < kMost) << bytes << " bytes: " << bandwidth;
  }
  EXPECT_GT(read_bandwidth(1000, 3), kLeast);
}

TEST(MemoryBandwidth, IsMeasuredOnce) {
  const double bandwidth = memory_bandwidth(1);
  EXPECT_TRUE(bandwidth > kLeast && bandwidth < kMost) << bandwidth;
  EXPECT_EQ(memory_bandwidth(1), bandwidth);
}

}  // namespace
}  // namespace foundations
