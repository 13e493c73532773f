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
#include <utility>

#include "common/linalg/micro_kernel.h"

namespace foundations {

// Returns the lanes of the lower or upper halves of u and v in turns: u0 v0 u1 v1 ...
template <class T, bool kUpper, std::size_t... L>
inline Vector<T> zip(Vector<T> u, Vector<T> v, std::index_sequence<L...>) {
  constexpr int kFirst = kUpper ? kLanes<T> / 2 : 0;
  return __builtin_shufflevector(u, v, (kFirst + L / 2 + L % 2 * kLanes<T>)...);
}

// Transposes a square of kLanes x kLanes. Each round zips row i with row i + kLanes / 2, as two
// halves of a pack of cards are riffled. After log2(kLanes) rounds, lane j of row i is where lane i
// of row j was.
//   from: columns contiguous, from.column apart   to: rows contiguous, to_row apart
template <class T>
void transpose_square(const Matrix<const T>& from, T* to, Size to_row) {
  constexpr int kN = kLanes<T>;
  constexpr std::make_index_sequence<kN> kAll;
  Vector<T> rows[kN], zipped[kN];
#pragma GCC unroll 16
  for (int j = 0; j < kN; ++j) rows[j] = load(&from(0, j));
#pragma GCC unroll 4
  for (int round = 1; round < kN; round *= 2) {
#pragma GCC unroll 16
    for (int j = 0; j < kN / 2; ++j) {
      zipped[2 * j] = zip<T, false>(rows[j], rows[j + kN / 2], kAll);
      zipped[2 * j + 1] = zip<T, true>(rows[j], rows[j + kN / 2], kAll);
    }
#pragma GCC unroll 16
    for (int j = 0; j < kN; ++j) rows[j] = zipped[j];
  }
#pragma GCC unroll 16
  for (int i = 0; i < kN; ++i) store(to + i * to_row, rows[i]);
}

// Copies a matrix into contiguous rows that are `to_row` elements apart.
// from: [rows, columns], any strides
template <class T>
void copy_matrix(Size rows, Size columns, const Matrix<const T>& from, T* to, Size to_row) {
  if (from.column == 1) {
    for (Size i = 0; i < rows; ++i) std::copy_n(&from(i, 0), columns, to + i * to_row);
    return;
  }
  constexpr Size kSquare = kLanes<T>;
  for (Size i0 = 0; i0 < rows; i0 += kSquare) {
    for (Size j0 = 0; j0 < columns; j0 += kSquare) {
      const Size i1 = std::min(rows, i0 + kSquare), j1 = std::min(columns, j0 + kSquare);
      if (from.row == 1 && i1 - i0 == kSquare && j1 - j0 == kSquare) {
        transpose_square(from.from(i0, j0), to + i0 * to_row + j0, to_row);
        continue;
      }
      for (Size i = i0; i < i1; ++i) {
        for (Size j = j0; j < j1; ++j) to[i * to_row + j] = from(i, j);
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
