// A matrix times a vector: every element of the matrix is used once, so there is nothing to keep in
// registers or caches but the vector and the sums. The memory sets the pace, and the loops have
// only to read the matrix in the order in which it lies.
#pragma once

#include <algorithm>

#include "common/dot_kernel.h"

namespace foundations {

inline constexpr Size kPiece = 2048;  // of the vector, or of the sums: at hand in 8 KB or 16

// y = a x, rows of a contiguous: a dot product for each row.   a: [m, k]   x: k   y: m
template <class T>
void matvec_by_rows(Size m, Size k, const Matrix<const T>& a, const Matrix<const T>& x,
                    const Matrix<T>& y) {
  T copy[kPiece];
  for (Size p = 0; p < k; p += kPiece) {
    const Size kp = std::min(kPiece, k - p);
    const T* piece = &x(p, 0);
    if (x.row != 1) {
      for (Size q = 0; q < kp; ++q) copy[q] = x(p + q, 0);
      piece = copy;
    }
    for (Size i = 0; i < m; i += kTileRows) {
      multiply_dots<T>(std::min(kTileRows, m - i), 1,
                       {kp, &a(i, p), a.row, piece, kp, y.from(i, 0), p > 0});
    }
  }
}

// y = a x, any layout of a: the sum of its columns, weighted by x. Four columns for each visit of
// a sum.
template <class T>
void matvec_by_columns(Size m, Size k, const Matrix<const T>& a, const Matrix<const T>& x,
                       const Matrix<T>& y) {
  T sums[kPiece];
  for (Size i = 0; i < m; i += kPiece) {
    const Size mi = std::min(kPiece, m - i);
    std::fill_n(sums, mi, T(0));
    Size p = 0;
    for (; p + 4 <= k; p += 4) {
      const T w0 = x(p, 0), w1 = x(p + 1, 0), w2 = x(p + 2, 0), w3 = x(p + 3, 0);
      const T *a0 = &a(i, p), *a1 = &a(i, p + 1), *a2 = &a(i, p + 2), *a3 = &a(i, p + 3);
      if (a.row == 1) {
#pragma omp simd
        for (Size r = 0; r < mi; ++r) {
          sums[r] += w0 * a0[r] + w1 * a1[r] + (w2 * a2[r] + w3 * a3[r]);
        }
      } else {
        for (Size r = 0; r < mi; ++r) {
          const Size at = r * a.row;
          sums[r] += w0 * a0[at] + w1 * a1[at] + (w2 * a2[at] + w3 * a3[at]);
        }
      }
    }
    for (; p < k; ++p) {
      for (Size r = 0; r < mi; ++r) sums[r] += x(p, 0) * a(i + r, p);
    }
    for (Size r = 0; r < mi; ++r) y(i + r, 0) = sums[r];
  }
}

}  // namespace foundations
