// The input of a network as large as a benchmark wants it.
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

// The training images, normalised by the mean and std of all of them, in their order; where they
// are fewer than n, over and over. Throws DataError where there are none.
TrainingRows training_rows(const Mnist& digits, std::int64_t n);

// How many the notes have, and how many a benchmark may be asked for.
inline constexpr int kNotesRows = 50'000, kMostRows = 1'000'000;

}  // namespace foundations
