// A matrix times a vector. Every element of the matrix is used once, so only the vector and the
// sums are worth keeping in registers or caches. Memory sets the pace: the loops just have to read
// the matrix in its own order.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <utility>

#include "common/linalg/dot_kernel.h"

namespace foundations {

inline constexpr Size kPiece = 2048;  // numbers of the vector, or sums: 8 or 16 KiB, in L1

// Rows are summed in vectors of at most 32 bytes: sixteen rows of sixteen lanes each would take
// longer to add up than to read.
inline constexpr int kRowBytes = std::min(kVectorBytes, 32);
template <class T>
inline constexpr Size kRowLanes = kRowBytes / sizeof(T);
template <class T>
using RowVector = Vector<T, kRowBytes>;

// Returns half the lanes of u and v in turns: kUnit lanes from u, then from v, from u ..., out of
// the first halves of their blocks or out of the second halves. A block is two units, and at least
// 16 bytes, within which a processor moves lanes most cheaply.
template <class T, int kUnit, bool kSecond, std::size_t... J>
inline RowVector<T> in_turns(RowVector<T> u, RowVector<T> v, std::index_sequence<J...>) {
  constexpr int kBlock = std::max<int>(2 * kUnit, 16 / sizeof(T));
  return __builtin_shufflevector(
      u, v,
      (J / kBlock * kBlock + J % kBlock / kUnit / 2 * kUnit + J % kUnit +
       (kSecond ? kBlock / 2 : 0) + (J / kUnit % 2 == 1 ? kRowLanes<T> : 0))...);
}

// Returns a vector whose lane r is the sum of the lanes of v[r]: kRowLanes sums for kRowLanes - 1
// additions. Each round makes one vector out of two, whose lanes are sums of two lanes.
//
//   u0 u1 u2 u3     u0 v0 u1 v1   +   u2 v2 u3 v3     =  u02 v02 u13 v13     (kUnit = 1)
//   v0 v1 v2 v3
template <class T, int kUnit = 1>
inline RowVector<T> sums_of_lanes(RowVector<T>* v) {
  if constexpr (kUnit == kRowLanes<T>) {
    return v[0];
  } else {
    constexpr std::make_index_sequence<kRowLanes<T>> kAll;
#pragma GCC unroll 8
    for (Size r = 0; r < kRowLanes<T> / kUnit; r += 2) {
      v[r / 2] = in_turns<T, kUnit, false>(v[r], v[r + 1], kAll) +
                 in_turns<T, kUnit, true>(v[r], v[r + 1], kAll);
    }
    return sums_of_lanes<T, 2 * kUnit>(v);
  }
}

// The last numbers of a row that fill no vector, read as a vector that ends where the row ends. Its
// first lanes were counted before: `keep` clears their bits, so that not even a NaN comes back.
template <class T>
struct Remainder {
  using Int = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  typedef Int Bits __attribute__((vector_size(kRowBytes)));
  RowVector<T> x = {};
  Bits keep = {};

  Remainder(const T* last, Size count) {
    for (Size lane = kRowLanes<T> - count; lane < kRowLanes<T>; ++lane) {
      x[lane] = last[lane - (kRowLanes<T> - count)];
      keep[lane] = -1;
    }
  }
  RowVector<T> times(const T* row_end) const {
    Bits bits;
    std::memcpy(&bits, row_end - kRowLanes<T>, sizeof bits);
    bits &= keep;
    RowVector<T> a;
    std::memcpy(&a, &bits, sizeof a);
    return a * x;
  }
};

// Computes y (+)= a x for kRowLanes rows side by side.   a: [kRowLanes, k]   x: k   y: kRowLanes
// With a remainder, it reads vectors that end where the rows end and may begin before column 0.
template <class T>
inline void multiply_rows(Size k, const Matrix<const T>& a, const T* x, const Matrix<T>& y,
                          const Remainder<T>& remainder, bool add) {
  RowVector<T> sum[kRowLanes<T>] = {};
  const Size whole = k / kRowLanes<T> * kRowLanes<T>;
  for (Size p = 0; p < whole; p += kRowLanes<T>) {
    const RowVector<T> along = load<T, kRowBytes>(x + p);
#pragma GCC unroll 16
    for (Size r = 0; r < kRowLanes<T>; ++r) sum[r] += load<T, kRowBytes>(&a(r, p)) * along;
  }
  if (whole < k) {
#pragma GCC unroll 16
    for (Size r = 0; r < kRowLanes<T>; ++r) sum[r] += remainder.times(&a(r, k));
  }
  const RowVector<T> total = sums_of_lanes<T>(sum);
  for (Size r = 0; r < kRowLanes<T>; ++r) y(r, 0) = add ? y(r, 0) + total[r] : total[r];
}

// Computes y = a x as a dot product for each row.   a: [m, k], rows contiguous   x: k   y: m
template <class T>
void matvec_by_rows(Size m, Size k, const Matrix<const T>& a, const Matrix<const T>& x,
                    const Matrix<T>& y) {
  T copy[kPiece];
  for (Size p = 0; p < k; p += kPiece) {
    const Size kp = std::min(kPiece, k - p), rest = kp % kRowLanes<T>;
    const T* piece = &x(p, 0);
    if (x.row != 1) {
      for (Size q = 0; q < kp; ++q) copy[q] = x(p + q, 0);
      piece = copy;
    }
    const Remainder<T> remainder(piece + kp - rest, rest);
    Size i = 0;
    for (; k >= kRowLanes<T> && i + kRowLanes<T> <= m; i += kRowLanes<T>) {
      multiply_rows<T>(kp, a.from(i, p), piece, y.from(i, 0), remainder, p > 0);
    }
    for (; i < m; i += kTileRows) {
      multiply_dots<T>(std::min(kTileRows, m - i), 1,
                       {kp, &a(i, p), a.row, piece, kp, y.from(i, 0), p > 0});
    }
  }
}

// Computes y = a x for columns of a so short that the sums of all rows stay in kVectors registers.
// The last vector ends where a column ends. The rows that it shares with the vector before it are
// summed twice, to the same result.
// a: [m, k], columns contiguous   x: k   y: m, at least kLanes
//
//   |vector 0|vector 1|vector 2|
//                         |vector 3|
template <class T, int kVectors>
void matvec_in_registers(Size m, Size k, const Matrix<const T>& a, const Matrix<const T>& x,
                         const Matrix<T>& y) {
  const Size last = m - kLanes<T>;
  const auto first = [last](int v) { return v < kVectors - 1 ? v * kLanes<T> : last; };
  Vector<T> total[kVectors] = {};
  for (Size p = 0; p < k; p += kPiece) {
    Vector<T> sum[kVectors] = {};
    for (Size q = p; q < std::min(k, p + kPiece); ++q) {
      const T weight = x(q, 0);
      const T* const column = &a(0, q);
#pragma GCC unroll 32
      for (int v = 0; v < kVectors; ++v) sum[v] += weight * load(column + first(v));
    }
    for (int v = 0; v < kVectors; ++v) total[v] += sum[v];
  }
  for (int v = 0; v < kVectors; ++v) {
    for (Size lane = 0; lane < kLanes<T>; ++lane) y(first(v) + lane, 0) = total[v][lane];
  }
}

// All of them, by the vectors of a column: as many sums as a tile has.
template <class T, std::size_t... N>
constexpr auto every_matvec(std::index_sequence<N...>) {
  return std::array{&matvec_in_registers<T, N + 1>...};
}
template <class T>
inline constexpr auto kMatvecs =
    every_matvec<T>(std::make_index_sequence<kTileRows * kTileVectors>{});

// Computes y = a x as the sum of a's columns, weighted by x, for any layout of a. Takes longer
// columns four at a time for each visit of a sum.
template <class T>
void matvec_by_columns(Size m, Size k, const Matrix<const T>& a, const Matrix<const T>& x,
                       const Matrix<T>& y) {
  const Size vectors = ceil_div(m, kLanes<T>);
  if (a.row == 1 && m >= kLanes<T> && vectors <= std::ssize(kMatvecs<T>)) {
    return kMatvecs<T>[vectors - 1](m, k, a, x, y);
  }
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
