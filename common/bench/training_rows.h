// The input of a network as large as a benchmark wants it.
//
//   const auto [x, y] = training_rows(load_digits(), rows_flag(argc, argv));
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

// Takes `--rows=N` out of a program's arguments: N, or without it the notes' number. Throws
// std::invalid_argument for anything but a number from 1 to 1,000,000.
inline constexpr std::int64_t kNotesRows = 50'000;
std::int64_t rows_flag(int& argc, char** argv);

}  // namespace foundations
