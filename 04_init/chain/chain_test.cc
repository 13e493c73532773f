// The chains against theory; that table and bars look as they should is depth_test's.
#include "04_init/chain/chain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>
#include <string>

namespace foundations::ch04 {
namespace {

// A layer multiplies the mean square by n var(w), by half of that with relu, apart from chance.
// Chance moves the logarithm of the mean square in one layer by sqrt(2/n), or by sqrt(5/n) with
// relu (the variance of the square of a normal number, over its mean squared, and the same for
// relu). The layers add up: after k of them it has moved by sqrt(c k / n), and the logarithm of the
// std by half of that. Allowed is four times as much.
TEST(Chains, GrowAsTheoryHasIt) {
  for (const std::uint64_t seed : {0, 1}) {
    const Stds stds = stds_by_depth(seed);
    ASSERT_EQ(stds.size(), std::size(kChains));
    for (std::size_t i = 0; i < stds.size(); ++i) {
      const auto& [name, std, activation] = kChains[i];
      ASSERT_EQ(stds[i].size(), kLayers);
      if (activation == Activation::kShiftedRelu) continue;
      const bool relu = activation == Activation::kRelu;
      const double first = relu ? std::sqrt(1 - 1 / std::numbers::pi) : 1;  // std over rms
      const double factor = std * std::sqrt(kWidth / (relu ? 2. : 1.)), c = relu ? 5 : 2;
      for (int k = 1; k <= kLayers; ++k) {
        EXPECT_NEAR(std::log(stds[i][k - 1]), std::log(first) + k * std::log(factor),
                    4 * std::sqrt(c * k / kWidth) / 2)
            << name << ", layer " << k << ", seed " << seed;
      }
    }
  }
}

// A shift makes the chain forget where it came from: it settles near 0.36 (numpy, ten draws of 512
// neurons: 0.326 to 0.391).
TEST(Chains, SettleWhereTheReluIsShifted) {
  const Stds stds = stds_by_depth(3);
  for (std::size_t i = 0; i < stds.size(); ++i) {
    if (kChains[i].activation != Activation::kShiftedRelu) continue;
    for (int k = 20; k < kLayers; ++k) EXPECT_NEAR(stds[i][k], 0.36, 0.1) << "layer " << k + 1;
  }
}

TEST(DepthBars, GoToTheEndsForAStdThatIsNoNumberOrTooSmallForOne) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  EXPECT_NE(depth_bars({{0}}).find(std::string(154, '#') + "|"), std::string::npos);
  for (const double std : {kInf, std::nan("")}) {
    EXPECT_NE(depth_bars({{std}}).find("|" + std::string(154, '#')), std::string::npos) << std;
  }
}

TEST(DepthChart, HasALineForEachChainAndARowForEachLayer) {
  const std::string script = depth_chart(Stds(std::size(kChains), std::vector<double>(kLayers, 1)));
  for (std::size_t i = 0; i < std::size(kChains); ++i) {
    const std::size_t line = script.find("using 1:" + std::to_string(i + 2) + " ");
    ASSERT_NE(line, std::string::npos) << i;
    const std::string title = "title '" + std::string(kChains[i].name) + "'";
    EXPECT_EQ(script.find(title, line), script.find("title '", line)) << title;
  }
  EXPECT_NE(script.find("$stds << EOD\n1 "), std::string::npos);
  EXPECT_NE(script.find("\n50 "), std::string::npos);
}

}  // namespace
}  // namespace foundations::ch04
