// Fifty layers in a row: what becomes of the numbers that pass through them, for several ways to
// draw the weights.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace foundations::ch04 {

inline constexpr int kLayers = 50;
inline constexpr std::int64_t kWidth = 512;  // neurons in each layer

enum class Activation { kNone, kRelu, kShiftedRelu };

struct Chain {
  std::string_view name;
  double std;  // of the weights
  Activation activation;
};

// From what explodes to what vanishes.
inline const Chain kChains[] = {
    {"linear, unscaled", 1, Activation::kNone},
    {"relu, unscaled", 1, Activation::kRelu},
    {"linear, simplified", std::sqrt(1. / kWidth), Activation::kNone},
    {"relu, kaiming_normal", std::sqrt(2. / kWidth), Activation::kRelu},
    {"relu-0.5, kaiming_normal", std::sqrt(2. / kWidth), Activation::kShiftedRelu},
    {"relu, simplified", std::sqrt(1. / kWidth), Activation::kRelu},
    {"linear, small", 0.01, Activation::kNone},
    {"relu, small", 0.01, Activation::kRelu},
};

using Stds = std::vector<std::vector<double>>;  // [chain][layer]

// Sends 16 rows of standard normal numbers through the layers of every chain, and returns the
// standard deviation of what comes out of each layer. A layer has a matrix of its own, which the
// chains share but for their std. In double, where nothing overflows. Cost: kLayers * kWidth^2
// random numbers, and little beside.
Stds stds_by_depth(std::uint64_t seed);

// A line for each chain: its std after a few layers.
std::string depth_table(const Stds& stds);

// A bar for each chain from a std of 1 to the std after the last layer: to the right where the
// numbers have grown, to the left where they have shrunk. Beyond the colons a float is inf, or 0.
std::string depth_bars(const Stds& stds);

// A script for gnuplot (common/bench/gnuplot.h): std against layer, on a logarithmic scale, as SVG.
std::string depth_chart(const Stds& stds);

}  // namespace foundations::ch04
