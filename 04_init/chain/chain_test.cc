#include "04_init/chain/chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

namespace foundations::ch04 {
namespace {

// What a layer of n neurons multiplies the mean square by, apart from chance: n var(w), and half of
// that with relu. Chance moves the logarithm of the mean square in one layer by sqrt(2/n), or by
// sqrt(5/n) with relu (the variance of the square of a normal number, over its mean squared, and
// the same for relu). The layers add up: after k of them it has moved by sqrt(c k / n), and the
// logarithm of the std by half of that. Allowed is four times as much.
struct Growth {
  double factor;  // of the std, a layer
  double c;
  double first;  // std over root mean square
};

Growth growth(const Chain& chain, double n) {
  const double w = chain.weights == unscaled     ? 1
                   : chain.weights == small      ? 0.01
                   : chain.weights == simplified ? 1 / std::sqrt(n)
                                                 : std::sqrt(2 / n);
  if (chain.activation == Activation::kNone) return {std::sqrt(n) * w, 2, 1};
  return {std::sqrt(n / 2) * w, 5, std::sqrt(1 - 1 / std::numbers::pi)};
}

TEST(Chains, GrowAsTheoryHasIt) {
  constexpr int kLayers = 20;
  constexpr std::int64_t kWidth = 128;
  for (const std::uint64_t seed : {0, 1, 2}) {
    for (const Chain& chain : kChains) {
      Generator generator(seed);
      const std::vector<double> stds = stds_by_depth(chain, kLayers, kWidth, generator);
      ASSERT_EQ(stds.size(), kLayers);
      if (chain.activation == Activation::kShiftedRelu) continue;
      const auto [factor, c, first] = growth(chain, kWidth);
      for (int k = 1; k <= kLayers; ++k) {
        EXPECT_NEAR(std::log(stds[k - 1]), std::log(first) + k * std::log(factor),
                    4 * std::sqrt(c * k / kWidth) / 2)
            << chain.name << ", layer " << k << ", seed " << seed;
      }
    }
  }
}

// A shift makes the chain forget where it came from: it settles near 0.36 (numpy, ten draws of 512
// neurons: 0.326 to 0.391).
TEST(Chains, SettleWhereTheReluIsShifted) {
  Generator generator(3);
  const std::vector<double> stds =
      stds_by_depth({"", Activation::kShiftedRelu, kaiming_normal}, 50, 256, generator);
  for (int layer = 20; layer < 50; ++layer) {
    EXPECT_NEAR(stds[layer], 0.36, 0.1) << "layer " << layer + 1;
  }
}

TEST(AllDepths, HasARowForEachChain) {
  const Depths depths = all_depths(2, 8, 5);
  ASSERT_EQ(depths.stds.size(), std::size(kChains));
  Generator generator(5);
  EXPECT_EQ(depths.stds[1], stds_by_depth(kChains[1], 2, 8, generator));
}

// ---- How it is shown ----

const Depths kThree = {3, 8, {{20, 400, 8000}, {1, 1, 1}, {1e-30, 1e-60, 1e-90}}};

TEST(DepthTable, ShowsAFewLayersAndTheLast) {
  EXPECT_EQ(depth_table(kThree),
            "std after layer                    1         2         3\n"
            "linear, unscaled                  20       400     8e+03\n"
            "relu, unscaled                     1         1         1\n"
            "linear, simplified             1e-30     1e-60     1e-90\n");
}

TEST(DepthBars, GoFromOneToTheLastStd) {
  EXPECT_EQ("\n" + depth_bars(kThree), R"(
linear, unscaled                                 :                     |##                :
relu, unscaled                                   :                     |                  :
linear, simplified        #############################################|                  :
                                                 0                     1                  inf
)");
}

TEST(DepthBars, TakeAStdThatIsNoNumberOrTooSmallForOne) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const std::string left = "###|", right = "|###";
  EXPECT_NE(depth_bars({1, 8, {{0}}}).find(left), std::string::npos);
  for (const double std : {kInf, std::nan("")}) {
    EXPECT_NE(depth_bars({1, 8, {{std}}}).find(right), std::string::npos) << std;
  }
}

TEST(DepthChart, HasALineForEachChainAndARowForEachLayer) {
  const std::string script = depth_chart(all_depths(4, 8, 6));
  for (std::size_t i = 0; i < std::size(kChains); ++i) {
    const std::size_t line = script.find("using 1:" + std::to_string(i + 2) + " ");
    ASSERT_NE(line, std::string::npos) << i;
    const std::string title = "title '" + std::string(kChains[i].name) + "'";
    EXPECT_EQ(script.find(title, line), script.find("title '", line)) << title;
  }
  EXPECT_NE(script.find("$stds << EOD\n1 "), std::string::npos);
  EXPECT_NE(script.find("\n4 "), std::string::npos);
  EXPECT_EQ(script.find("LINES"), std::string::npos);
}

}  // namespace
}  // namespace foundations::ch04
