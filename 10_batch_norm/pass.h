// A pass over memory.
#pragma once

#include <cstdint>

#include "common/tensor/tensor.h"

namespace foundations::ch10 {

// Calls visit(at, j) for every number, data()[at], of a contiguous matrix: it is in column j.
template <class Visit>
void pass(const Tensor& x, const Visit& visit) {
  const std::int64_t rows = x.size(0), columns = x.size(1);
  for (std::int64_t i = 0; i < rows; ++i) {
#pragma omp simd
    for (std::int64_t j = 0; j < columns; ++j) visit(i * columns + j, j);
  }
}

}  // namespace foundations::ch10
