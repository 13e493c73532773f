// Which rate? The loss of 07's network while the rate rises from batch to batch.
#pragma once

#include <string>

#include "common/data/mnist.h"
#include "common/train/rates.h"

namespace foundations::ch09 {

// Returns a finder that has seen the training images: 784-50-10, SGD, batches of 64.
LRFinder find_rate(const Mnist& digits);

// Returns the loss of each batch, against its rate, as text.
std::string finder_plot(const LRFinder& finder);

// Returns the same as a script for gnuplot().
std::string finder_chart(const LRFinder& finder);

}  // namespace foundations::ch09
