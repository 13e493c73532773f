// Inputs for tests: numbers that every type holds exactly, in every layout that a view can have.
#pragma once

#include <limits>
#include <vector>

#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations {

// Whole numbers from -bound to bound (so that floats add them exactly); true or false for bool.
template <class T>
TensorOf<T> whole_numbers(const Shape& shape, Generator& generator, std::int64_t bound = 9) {
  const std::int64_t low = std::same_as<T, bool> ? 0 : -bound;
  const std::int64_t end = std::same_as<T, bool> ? 2 : bound + 1;
  return randint(low, end, shape, generator).template to<T>();
}

// The elements of x, laid out as they are, row by row, transposed, and with gaps. In the gaps are
// values that a loop with a wrong stride cannot read without being noticed.
template <class T>
std::vector<TensorOf<T>> every_layout(const TensorOf<T>& x) {
  using Limits = std::numeric_limits<T>;
  IntList backwards;
  Shape reversed, doubled;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    backwards.push_back(x.dim() - 1 - d);
    reversed.push_back(x.size(x.dim() - 1 - d));
    doubled.push_back(2 * x.size(d) + 1);
  }
  const TensorOf<T> transposed = empty<T>(reversed).permute(backwards);
  TensorOf<T> stepped =
      full<T>(doubled, Limits::has_quiet_NaN ? Limits::quiet_NaN() : static_cast<T>(77));
  for (std::int64_t d = 0; d < x.dim(); ++d) stepped = stepped.slice(d, 1, None, 2);
  return {x, x.clone().contiguous(), transposed.copy_(x), stepped.copy_(x)};
}

}  // namespace foundations
