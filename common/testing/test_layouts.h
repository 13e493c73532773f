// Inputs for tests: numbers that every type holds exactly, in every layout that a view can have.
#pragma once

#include <limits>
#include <vector>

#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations {

// Returns a value that no result holds, to fill memory that nobody should read.
template <class T>
T junk() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_quiet_NaN ? Limits::quiet_NaN() : static_cast<T>(0x5aa5a55a);
}

// Returns whole numbers from -bound to bound, which floats add exactly; true or false for bool.
template <class T>
TensorOf<T> whole_numbers(const Shape& shape, Generator& generator, std::int64_t bound = 9);

// Returns the elements of x in four layouts: as they are, row by row, transposed, and with gaps.
// The gaps hold junk, so that you notice a loop with a wrong stride.
template <class T>
std::vector<TensorOf<T>> every_layout(const TensorOf<T>& x);

}  // namespace foundations
