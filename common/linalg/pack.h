// Packing: copies of parts of the operands in the order in which the tiles read them.
//
// A slice of b, [k, columns], becomes panels as wide as a tile. Beyond it, a tile reads zeros.
//
//     columns                     panel 0      panel 1       panel 2
//   +-------+-------+---+        +-------+    +-------+     +---+----+
//   | 0   1 | 2   3 | 4 |        | 0   1 |    | 2   3 |     | 4    0 |
//   | 5   6 | 7   8 | 9 |  -->   | 5   6 |    | 7   8 |     | 9    0 |
//   +-------+-------+---+        +-------+    +-------+     +---+----+
//
// A tile then reads one stretch of memory from beginning to end, whatever the strides of b: the
// processor fetches it ahead, and it takes few pages. A part of a is copied row by row.
#pragma once

#include <algorithm>
#include <cstring>

#include "common/linalg/micro_kernel.h"

namespace foundations {

// Copies a matrix into contiguous rows that are `to_row` elements apart.
// from: [rows, columns], any strides
template <class T>
void copy_matrix(Size rows, Size columns, const Matrix<const T>& from, T* to, Size to_row) {
  if (from.column == 1) {
    for (Size i = 0; i < rows; ++i) std::copy_n(&from(i, 0), columns, to + i * to_row);
    return;
  }
  constexpr Size kSquare = kCacheLine / sizeof(T);  // use each cache line whole while it is there
  for (Size i0 = 0; i0 < rows; i0 += kSquare) {
    for (Size j0 = 0; j0 < columns; j0 += kSquare) {
      for (Size i = i0; i < std::min(rows, i0 + kSquare); ++i) {
        for (Size j = j0; j < std::min(columns, j0 + kSquare); ++j) to[i * to_row + j] = from(i, j);
      }
    }
  }
}

// The rows of a slice are short and far apart, which few processors guess. So each row is
// prefetched this many rows before its turn.
inline constexpr Size kRowsAhead = 24;

// Packs b into panels.   b: [k, columns]
// to: ceil_div(columns, kTileColumns) panels of k * kTileColumns elements
// Writes zeros from `columns` to `padded`: tiles read them.
template <class T>
void pack_panels(Size k, Size columns, const Matrix<const T>& b, T* to, Size padded) {
  constexpr Size kWidth = kTileColumns<T>;
  const Size whole = columns / kWidth, rest = columns % kWidth;
  T* const last = to + whole * k * kWidth;
  if (b.column == 1) {  // along the rows of b, a part for each panel
    for (Size p = 0; p < k; ++p) {
      for (Size j = 0; p + kRowsAhead < k && j < columns; j += kCacheLine / sizeof(T)) {
        __builtin_prefetch(&b(p + kRowsAhead, j), 0, 2);
      }
      for (Size q = 0; q < whole; ++q) {
        std::memcpy(to + q * k * kWidth + p * kWidth, &b(p, q * kWidth), kWidth * sizeof(T));
      }
      if (rest > 0) std::copy_n(&b(p, whole * kWidth), rest, last + p * kWidth);
    }
  } else {
    for (Size j = 0; j < columns; j += kWidth) {
      copy_matrix(k, std::min(kWidth, columns - j), b.from(0, j), to + j * k, kWidth);
    }
  }
  if (padded == columns) return;
  for (Size p = 0; p < k; ++p) std::fill_n(last + p * kWidth + rest, padded - columns, T(0));
}

}  // namespace foundations
