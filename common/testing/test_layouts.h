// Inputs for tests: numbers that every type holds exactly, in every layout that a view can have.
#pragma once

#include <limits>
#include <vector>

#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations {

// What no result holds, to fill places that nobody should read.
template <class T>
T junk() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_quiet_NaN ? Limits::quiet_NaN() : static_cast<T>(0x5aa5a55a);
}

// Whole numbers from -bound to bound (so that floats add them exactly); true or false for bool.
template <class T>
TensorOf<T> whole_numbers(const Shape& shape, Generator& generator, std::int64_t bound = 9);

// The elements of x, laid out as they are, row by row, transposed, and with gaps. In the gaps is
// junk, which a loop with a wrong stride cannot read without being noticed.
template <class T>
std::vector<TensorOf<T>> every_layout(const TensorOf<T>& x);

}  // namespace foundations
