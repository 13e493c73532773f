// The innermost loop of matmul: a tile of the product that stays in the registers.
//
//                      b: k steps down, kVectors vectors across
//                      | b(p,0..7)  b(p,8..15) |          each step p: load one row of b, then for
//                      +-----------+-----------+          each row of the tile broadcast one
//   a(0,p) broadcast > | sum[0][0] | sum[0][1] |          element of a and do kVectors vector
//   a(1,p)           > | sum[1][0] | sum[1][1] |          multiply-adds
//     ...              |    ...    |    ...    |
//   a(5,p)           > | sum[5][0] | sum[5][1] |
//                      +-----------+-----------+
//
// 6x16 floats of AVX2 make 12 vector multiply-adds out of 8 loads, so the arithmetic, not the
// loads, sets the pace; and 12 sums do not depend on each other, which hides the four cycles that a
// multiply-add takes. The tile is as large as the registers allow: 12 sums, 2 of b and 1 of a in
// 16 registers (AVX2, SSE2), 24 + 4 + 1 in 32 (AVX-512, NEON).
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "common/linalg/matrix.h"
#include "common/linalg/vector.h"

namespace foundations {

inline constexpr Size kTileRows = 6;
template <class T>
inline constexpr Size kTileColumns = kTileVectors* kLanes<T>;
template <class T>
inline constexpr Size kRowColumns = kTileRows* kTileColumns<T>;  // of a tile of a single row
inline constexpr Size kCacheLine = 64;

// c = a b, or c += a b.   a: [m, k]   b: [k, n]   c: [m, n]
template <class T>
struct Product {
  Size m, k, n;
  Matrix<const T> a, b;
  Matrix<T> c;
  bool add = false;  // to c, or replace it
};

// A multiply-add takes four cycles, and two begin in each: it takes eight sums to keep them busy. A
// tile of fewer has two sets of sums and takes two steps at a time: 5x784x10 took 0.95 us with one
// set and 0.85 with two (Zen 5).
inline constexpr int kBusySums = 8;

// A tile of full height asks for the rows of a two tiles further down, a little with each step, as
// if rows had no gaps. It saves 10 to 15 % where a comes from memory and b is narrow: 50000x784x50,
// 200704x72x8, 12544x288x32 (Zen 5). All lines at once, before the tile, saved half of it.
//
// Computes a product of kRows rows and at most kVectors vectors of columns. Any strides of a and c:
// the rows of a may overlap, as the patches of a convolution do. b's rows are contiguous, and read
// in whole vectors: beyond column n whatever is there. Only the last row is read at `last`, which
// may be a copy.
template <class T, int kRows, int kVectors, int kBytes = kVectorBytes>
void multiply_tile(const Product<T>& x, const T* last) {
  using V = Vector<T, kBytes>;
  constexpr Size kWidth = kBytes / sizeof(T);
  constexpr int kSets = kRows * kVectors < kBusySums ? 2 : 1;
  V sum[kSets][kRows][kVectors] = {};
  const T *a = x.a.data, *b = x.b.data;
  const Size a_row = x.a.row, a_column = x.a.column, b_row = x.b.row;
  const auto step = [&](auto& sums, const T* row) __attribute__((always_inline)) {
    V across[kVectors];
#pragma GCC unroll 24
    for (int j = 0; j < kVectors; ++j) across[j] = load<T, kBytes>(row + j * kWidth);
#pragma GCC unroll 24
    for (int i = 0; i < kRows; ++i) {
      const T one = a[i * a_row];
#pragma GCC unroll 24
      for (int j = 0; j < kVectors; ++j) sums[i][j] += one * across[j];
    }
    a += a_column;
  };
  const T* coming = a + 2 * kRows * a_row;
  Size left = x.k - 1;
  for (; left >= kSets; left -= kSets) {
#pragma GCC unroll 2
    for (int s = 0; s < kSets; ++s, b += b_row) step(sum[s], b);
    if constexpr (kRows == kTileRows) {
      __builtin_prefetch(coming);
      coming += kSets * kRows;
    }
  }
  if (left > 0) step(sum[0], b);
  step(sum[kSets - 1], last);

  // These loops are unrolled whole: otherwise the sums would have to be in memory, to be indexed.
  T sums[kRows][kVectors * kWidth];
  const bool whole = x.c.column == 1 && x.n == kVectors * kWidth;
#pragma GCC unroll 24
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 24
    for (int j = 0; j < kVectors; ++j) {
      const V total = kSets == 2 ? sum[0][i][j] + sum[kSets - 1][i][j] : sum[0][i][j];
      T* const to = whole ? &x.c(i, j * kWidth) : &sums[i][j * kWidth];
      store<T, kBytes>(to, whole && x.add ? load<T, kBytes>(to) + total : total);
    }
  }
  for (int i = 0; !whole && i < kRows; ++i) {
    for (Size j = 0; j < x.n; ++j) x.c(i, j) = (x.add ? x.c(i, j) : 0) + sums[i][j];
  }
}

// All tiles: 1 to kTileRows rows, by half a vector or 1 to kTileVectors of them.
template <class T, std::size_t... N>
constexpr auto every_tile(std::index_sequence<N...>) {
  constexpr int kWidths = kTileVectors + 1;
  return std::array{&multiply_tile < T, N / kWidths + 1, std::max<int>(N % kWidths, 1),
                    N % kWidths == 0 ? kVectorBytes / 2 : kVectorBytes > ...};
}
template <class T>
inline constexpr auto kTiles =
    every_tile<T>(std::make_index_sequence<kTileRows*(kTileVectors + 1)>{});

// Tiles of a single row, as wide as they have registers for.
template <class T, std::size_t... N>
constexpr auto every_row(std::index_sequence<N...>) {
  return std::array{&multiply_tile<T, 1, N + 1>...};
}
template <class T>
inline constexpr auto kRows = every_row<T>(std::make_index_sequence<kTileRows * kTileVectors>{});

template <class T>
inline void multiply_tile(const Product<T>& x, const T* last) {
  const Size vectors = 2 * x.n <= kLanes<T> ? 0 : ceil_div(x.n, kLanes<T>);
  if (vectors > kTileVectors) return kRows<T>[vectors - 1](x, last);
  kTiles<T>[(x.m - 1) * (kTileVectors + 1) + vectors](x, last);
}

}  // namespace foundations
