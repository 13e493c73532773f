// What becomes of numbers that pass through many layers, for several rules to start from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "04_init/init.h"

namespace foundations::ch04 {

enum class Activation { kNone, kRelu, kShiftedRelu };

struct Chain {
  std::string_view name;
  Activation activation;
  Weights weights;
};

// The experiment, from what explodes to what vanishes.
inline constexpr Chain kChains[] = {
    {"linear, unscaled", Activation::kNone, unscaled},
    {"relu, unscaled", Activation::kRelu, unscaled},
    {"linear, simplified", Activation::kNone, simplified},
    {"relu, kaiming_normal", Activation::kRelu, kaiming_normal},
    {"relu-0.5, kaiming_normal", Activation::kShiftedRelu, kaiming_normal},
    {"relu, simplified", Activation::kRelu, simplified},
    {"linear, small", Activation::kNone, small},
    {"relu, small", Activation::kRelu, small},
};

// Sends a batch of 16 rows of `width` standard normal numbers through `layers` layers, each with a
// matrix of its own. Returns the standard deviation of what comes out of each. In double, where
// nothing overflows. Cost: width^2 random numbers a layer, and next to nothing for the rest.
std::vector<double> stds_by_depth(const Chain& chain, int layers, std::int64_t width,
                                  Generator& generator);

// The same for every row of kChains.
struct Depths {
  int layers;
  std::int64_t width;
  std::vector<std::vector<double>> stds;  // [chain][layer]
};
Depths all_depths(int layers, std::int64_t width, std::uint64_t seed);

// A line for each chain: its std after a few layers.
std::string depth_table(const Depths& depths);

// A bar for each chain from a std of 1 to that after the last layer: to the right where the numbers
// have grown, to the left where they have shrunk. Beyond the colons a float is inf, or 0.
std::string depth_bars(const Depths& depths);

// A script for gnuplot (common/bench/gnuplot.h): std against layer, on a logarithmic scale, as SVG.
std::string depth_chart(const Depths& depths);

}  // namespace foundations::ch04
