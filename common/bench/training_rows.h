// The input of a network, as large as a benchmark wants it.
//
//   const auto [x, y] = training_rows(load_digits(), kNotesRows);
#pragma once

#include <cstdint>

#include "common/data/mnist.h"
#include "common/tensor/tensor.h"

namespace foundations {

struct TrainingRows {
  Tensor x;  // [n, pixels]
  Tensor y;  // [n], the digits as floats
};

// Returns n training images in their order, normalised by the mean and std of all training images.
// If they are fewer than n, they repeat. Throws DataError if there are none.
TrainingRows training_rows(const Mnist& digits, std::int64_t n);

// The notes' number of rows, and the most that you may ask a benchmark for.
inline constexpr int kNotesRows = 50'000, kMostRows = 1'000'000;

}  // namespace foundations
