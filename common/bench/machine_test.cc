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

TEST(MachineCard, WarnsOfABuildThatIsNotForTiming) {
  const std::string card = machine_card({1});
#if defined(__OPTIMIZE__) && defined(NDEBUG)
  EXPECT_EQ(card.find("***"), std::string::npos) << card;
#else
  EXPECT_EQ(card.rfind("*** THIS BUILD ", 0), 0u) << card;
#endif
  EXPECT_NE(card.find("compiler  "), std::string::npos) << card;
  const std::size_t peak = card.find("\npeak      ");
  ASSERT_NE(peak, std::string::npos) << card;
  EXPECT_NEAR(std::stod(card.substr(peak + 11)), peak_flops(1) / 1e9, 0.51);
  EXPECT_EQ(card.find(" GFLOP/s on 1 thread (", peak), card.find(' ', peak + 11)) << card;
}

}  // namespace
}  // namespace foundations
