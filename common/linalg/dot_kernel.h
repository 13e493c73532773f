// Dot products along k: for one or two columns left over beyond whole vectors, and for a matrix
// times a vector.
//
// 50 columns are six vectors of eight floats and two columns more. As a seventh vector these two
// would cost as much as eight columns, and the whole product 12% more. Turned by a quarter they
// fill whole vectors:
//
//   a: rows of k         b: columns of k       c
//   |aaaaaaaa|aaaaaaaa|  |bbbbbbbb|bbbbbbbb|   sum over the lanes, once, at the end
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "common/linalg/micro_kernel.h"

namespace foundations {

inline constexpr Size kMaxDots = 2;

// Returns the sum of a vector's lanes, by adding half to half.
template <class T, int kBytes = kVectorBytes>
inline T sum_of_lanes(Vector<T, kBytes> v) {
  if constexpr (kBytes == sizeof(T)) {
    return v[0];
  } else {
    Vector<T, kBytes / 2> halves[2];
    std::memcpy(halves, &v, sizeof v);
    return sum_of_lanes<T, kBytes / 2>(halves[0] + halves[1]);
  }
}

// Computes rows i to i + kRows of a product of kColumns columns.
// a: rows contiguous   b: columns contiguous
template <class T, int kRows, int kColumns>
void multiply_dots(const Product<T>& x, Size i0) {
  const T* const a = x.a.data + i0 * x.a.row;
  const T* const b = x.b.data;
  Vector<T> sum[kRows][kColumns] = {};
  const Size whole = x.k / kLanes<T> * kLanes<T>;
  for (Size p = 0; p < whole; p += kLanes<T>) {
    Vector<T> along[kColumns];
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) along[j] = load(b + j * x.b.column + p);
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      const Vector<T> row = load(a + i * x.a.row + p);
#pragma GCC unroll 8
      for (int j = 0; j < kColumns; ++j) sum[i][j] += row * along[j];
    }
  }
  T total[kRows][kColumns];
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) total[i][j] = sum_of_lanes<T>(sum[i][j]);
  }
  for (Size p = whole; p < x.k; ++p) {
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
      for (int j = 0; j < kColumns; ++j) total[i][j] += a[i * x.a.row + p] * b[j * x.b.column + p];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) {
      T& c = x.c(i0 + i, j);
      c = x.add ? c + total[i][j] : total[i][j];
    }
  }
}

// All of them, by rows (1 to kTileRows) and columns (1 to kMaxDots).
template <class T, std::size_t... N>
constexpr auto every_dots(std::index_sequence<N...>) {
  return std::array{&multiply_dots<T, N / kMaxDots + 1, N % kMaxDots + 1>...};
}
template <class T>
inline constexpr auto kDots = every_dots<T>(std::make_index_sequence<kTileRows * kMaxDots>{});

// Computes a product of any number of rows and at most kMaxDots columns.
template <class T>
inline void multiply_dots(const Product<T>& x) {
  for (Size i = 0; i < x.m; i += kTileRows) {
    kDots<T>[(std::min(kTileRows, x.m - i) - 1) * kMaxDots + x.n - 1](x, i);
  }
}

}  // namespace foundations
