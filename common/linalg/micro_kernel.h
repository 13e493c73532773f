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
inline constexpr Size kCacheLine = 64;
// From this k on, a tile evicts c from L1.
inline constexpr Size kDeepTile = 256;

// Memory that the next tiles will read. The tile prefetches it, a few cache lines at a time.
template <class T>
struct Fetch {
  Matrix<const T> from;  // its rows are contiguous
  Size rows = 0, columns = 0;
};

// One tile, c (+)= a b.   a: [rows, k]   b: [k, columns]   c: [rows, columns]
template <class T>
struct Tile {
  Size k;  // at least 1
  Matrix<const T> a;
  const T* b;  // each row may be read in whole vectors (or units, pair_kernel.h) ...
  Size b_row;
  const T* b_last;  // ... except the last, which is read here
  Matrix<T> c;
  Size columns;
  bool add;  // to c, or replace it
  Fetch<T> fetch;
};

// Calls step(row) `steps` times, each for the next kAtOnce rows of b, of which `row` is the first.
// Returns the row after them. Meanwhile prefetches what t.fetch asks for and, in a deep tile, c
// before the last steps. Always inline: otherwise the sums of `step` would have to be in memory.
template <int kRows, int kAtOnce, class T, class Step>
__attribute__((always_inline)) inline const T* take_steps(const Tile<T>& t, Size steps,
                                                          const Step& step) {
  constexpr Size kLine = kCacheLine / sizeof(T), kSome = kLine / kAtOnce;
  const T* b = t.b;
  const Size b_rows = kAtOnce * t.b_row;
  // Small products have nothing to fetch, and every instruction counts in them.
  if (t.fetch.rows > 0) [[unlikely]] {
    const Size portion = ceil_div(t.fetch.columns, t.k) * kLine;
    const T *ahead = t.fetch.from.data, *const all = ahead + t.fetch.columns;
    while (steps > 0) {  // a cache line's worth of steps, then a portion of the prefetches
      for (const T* const until = std::min(ahead + portion, all); ahead < until; ahead += kLine) {
        const T* line = ahead;
        for (Size r = 0; r < t.fetch.rows; ++r, line += t.fetch.from.row) {
          __builtin_prefetch(line, 0, 2);
        }
      }
      if (t.k >= kDeepTile && steps / kSome == 1) {
        for (int i = 0; i < kRows; ++i) {
          for (Size j = 0; j < t.columns; j += kLine) __builtin_prefetch(&t.c(i, j), 1);
        }
      }
      Size some = std::min(steps, kSome);
      for (steps -= some; some > 0; --some, b += b_rows) step(b);
    }
  }
  for (; steps > 0; --steps, b += b_rows) step(b);
  return b;
}

// Writes c (+)= sums, number by number, for any strides of c.
template <class T, int kRows, int kColumns>
inline void write_sums(const T (&sums)[kRows][kColumns], const Tile<T>& t) {
  for (int i = 0; i < kRows; ++i) {
    for (Size j = 0; j < t.columns; ++j) t.c(i, j) = (t.add ? t.c(i, j) : 0) + sums[i][j];
  }
}

template <class T, int kRows, int kVectors>
void multiply_tile(const Tile<T>& t) {
  Vector<T> sum[kRows][kVectors] = {};
  const Size a_row = t.a.row, a_column = t.a.column;
  const T* a = t.a.data;
  const auto step = [&](const T* row) __attribute__((always_inline)) {
    Vector<T> across[kVectors];
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) across[j] = load(row + j * kLanes<T>);
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      const T x = a[i * a_row];
#pragma GCC unroll 8
      for (int j = 0; j < kVectors; ++j) sum[i][j] += x * across[j];
    }
    a += a_column;
  };
  take_steps<kRows, 1>(t, t.k - 1, step);
  step(t.b_last);

  // These loops are unrolled whole: otherwise the sums would have to be in memory, to be indexed.
  if (t.c.column == 1 && t.columns == kVectors * kLanes<T>) {
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      T* const to = &t.c(i, 0);
#pragma GCC unroll 8
      for (int j = 0; j < kVectors; ++j) {
        store(to + j * kLanes<T>, t.add ? load(to + j * kLanes<T>) + sum[i][j] : sum[i][j]);
      }
    }
    return;
  }
  T sums[kRows][kVectors * kLanes<T>];
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < kVectors; ++j) store(&sums[i][j * kLanes<T>], sum[i][j]);
  }
  write_sums(sums, t);
}

// All tiles: 1 to kTileRows rows, 1 to kTileVectors vectors.
template <class T>
using TileFunction = void (*)(const Tile<T>&);
template <class T, std::size_t... N>
constexpr auto every_tile(std::index_sequence<N...>) {
  return std::array<TileFunction<T>, sizeof...(N)>{
      &multiply_tile<T, N / kTileVectors + 1, N % kTileVectors + 1>...};
}
template <class T>
inline constexpr auto kTiles = every_tile<T>(std::make_index_sequence<kTileRows * kTileVectors>{});

template <class T>
inline void multiply_tile(Size rows, Size vectors, const Tile<T>& tile) {
  kTiles<T>[(rows - 1) * kTileVectors + vectors - 1](tile);
}

}  // namespace foundations
