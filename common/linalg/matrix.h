// Matrix: one matrix of a tensor, as the loops beneath matmul see it.
#pragma once

#include <cstdint>

namespace foundations {

using Size = std::int64_t;  // a number of elements, rows or columns; or a stride

// Element (i, j) is data[i*row + j*column]: a transpose is the same data with the strides swapped.
template <class T>
struct Matrix {
  T* data = nullptr;
  Size row = 0, column = 0;  // strides: from one row to the next, from one column to the next

  T& operator()(Size i, Size j) const { return data[i * row + j * column]; }
  // Returns the part that begins at row i and column j.
  Matrix from(Size i, Size j) const { return {data + i * row + j * column, row, column}; }
  Matrix transposed() const { return {data, column, row}; }
};

// Returns n / size, rounded up: how many blocks of `size` cover n.
constexpr Size ceil_div(Size n, Size size) { return (n + size - 1) / size; }
// Returns n, rounded up to a multiple of `size`.
constexpr Size round_up(Size n, Size size) { return ceil_div(n, size) * size; }

}  // namespace foundations
