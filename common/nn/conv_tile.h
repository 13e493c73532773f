// The innermost loop of a convolution: a tile of the result that stays in the registers.
//
// The tile of matmul (linalg/micro_kernel.h) sums over one stretch of memory. The patch of an image
// under a kernel is several: one for each row of the kernel. So this tile sums over two indices,
// over runs and over the steps of a run:
//
//   c[r][j] = start[r][j] + sum over runs, t < run.steps of
//                             run.a[r * row + t * step] * b[run.b + t * b_step][j]
//
//                     r = 0        r = 1                  forward: r is a pixel of the result, and
//   runs[0].a ->  [ . . . | . ] [ . . . | . ]             its patch is `row` further on. A run has
//   runs[1].a ->  [ . . . | . ] [ . . . | . ]             kernel columns * channels steps, and b is
//   runs[2].a ->  [ . . . | . ] [ . . . | . ]             the kernel
//
// Neighbouring patches share numbers, and nothing is copied for it: they are a view with
// overlapping rows. Where the kernel hangs over the edge of the image, its runs are shorter. The
// gradients are the same sum with other meanings of r and t (conv_backward.cc).
#pragma once

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "common/linalg/vector.h"

namespace foundations {

template <class T>
struct Run {
  const T* a;
  std::size_t b;  // the first of its rows
  Size steps;
};

// The left side, and the rows of b: each is read in whole vectors.
template <class T>
struct Runs {
  const Run<T>* runs;
  Size count;
  Size row, step;
  const T* b;
  Size b_row, b_step = 1;
};

// The sums are added to `start` and written to c: `rows` times `columns` of them. The rows of
// `start` are read in whole vectors.
template <class T>
struct Target {
  T* c;
  Size c_row, rows, columns;
  const T* start;
  Size start_row;
};

// What the lanes of a vector are. Eight channels are half a vector of AVX-512: then it takes two
// steps at once, or two rows. In memory both are neighbours, and are broadcast together.
enum class LanesAre {
  kColumns,    // j
  kStepPairs,  // (j, t even or odd): b's rows 2i and 2i + 1 lie interleaved, and step is 1
  kRowPairs,   // (j, r even or odd): row is 1
};

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

// Returns from[0], from[1], from[0], from[1], ...
template <class T>
Vector<T> broadcast_pair(const T* from) {
  static_assert(sizeof(T) == 4);
  std::int64_t both;
  std::memcpy(&both, from, sizeof both);
  return (Vector<T>)(both | Vector<std::int64_t>{});
}
template <class T>
Vector<T> broadcast(T value) {
  return value - Vector<T>{};
}

// Clears the lanes of even (0) or odd (1) index.
template <class T>
Vector<T> cleared(Vector<T> v, int parity) {
  Vector<Bits<T>> keep;
  for (int i = 0; i < int{kLanes<T>}; ++i) keep[i] = i % 2 == parity ? 0 : -1;
  return (Vector<T>)((Vector<Bits<T>>)v & keep);
}

template <class T>
using HalfVector = Vector<T, kVectorBytes / 2>;
template <class T, std::size_t... I>
HalfVector<T> every_second(Vector<T> v, Size first, std::index_sequence<I...>) {
  return first == 0 ? __builtin_shufflevector(v, v, (2 * I)...)
                    : __builtin_shufflevector(v, v, (2 * I + 1)...);
}
template <class T>
HalfVector<T> every_second(Vector<T> v, Size first) {
  return every_second<T>(v, first, std::make_index_sequence<kLanes<T> / 2>{});
}
template <class T, std::size_t... I>
Vector<T> twice_each(HalfVector<T> v, std::index_sequence<I...>) {
  return __builtin_shufflevector(v, v, (I / 2)...);
}

// Writes start + sums.
template <class T, int kRows, int kVectors, class V>
inline void write_rows(V (&sum)[kRows][kVectors], const Target<T>& to) {
  constexpr int kBytes = sizeof(V);
  constexpr Size kWidth = kBytes / sizeof(T);
#pragma GCC unroll 28
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      sum[r][v] += load<T, kBytes>(to.start + r * to.start_row + v * kWidth);
    }
  }
  if (to.columns == kVectors * kWidth) {
#pragma GCC unroll 28
    for (int r = 0; r < kRows; ++r) {
      if (r == kRows - 1 && to.rows < kRows) return;
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v)
        store<T, kBytes>(to.c + r * to.c_row + v * kWidth, sum[r][v]);
    }
    return;
  }
  T rows[kRows][kVectors * kWidth];
#pragma GCC unroll 28
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) store<T, kBytes>(&rows[r][v * kWidth], sum[r][v]);
  }
  for (Size r = 0; r < std::min<Size>(kRows, to.rows); ++r) {
    std::copy_n(rows[r], to.columns, to.c + r * to.c_row);
  }
}

template <class T, LanesAre kLanesAre, int kRows, int kVectors>
void multiply_runs(const Runs<T>& x, Size offset, const Target<T>& to) {
  constexpr Size kWidth = kLanes<T>;
  Vector<T> sum[kRows][kVectors] = {};
  const Size row = kLanesAre == LanesAre::kRowPairs ? 2 : x.row;
  for (const Run<T>*run = x.runs, *const end = run + x.count; run != end; ++run) {
    // Four rows share a pointer: the processor's addresses reach 0, 1 and 2 rows, and 3 if that is
    // in a register.
    const T* a[kRows / 4 + 1];
#pragma GCC unroll 8
    for (int r = 0; r < kRows; r += 4) a[r / 4] = run->a + offset + r * row;
    const auto forward = [&](Size by) {
#pragma GCC unroll 8
      for (int r = 0; r < kRows; r += 4) a[r / 4] += by;
    };
    if constexpr (kLanesAre == LanesAre::kStepPairs) {
      const T* b = x.b + run->b / 2 * kWidth;
      Size left = run->steps;
      // A step without its neighbour.
      const auto single = [&](int other) {
        const Vector<T> w = cleared<T>(load(b), other);
#pragma GCC unroll 24
        for (int r = 0; r < kRows; ++r) {
          sum[r][0] += cleared<T>(broadcast(a[r / 4][r % 4 * row]), other) * w;
        }
        forward(1);
        b += kWidth, --left;
      };
      if (run->b % 2 != 0 && left > 0) single(0);
      for (; left > 1; left -= 2, b += kWidth) {
        const Vector<T> w = load(b);
#pragma GCC unroll 24
        for (int r = 0; r < kRows; ++r) sum[r][0] += broadcast_pair(a[r / 4] + r % 4 * row) * w;
        forward(2);
      }
      if (left > 0) single(1);
    } else {
      const T* b = x.b + run->b * x.b_row;
      const Size b_step = x.b_step * x.b_row;
      for (Size t = 0; t < run->steps; ++t, b += b_step) {
        if constexpr (kLanesAre == LanesAre::kRowPairs) {
          const Vector<T> w =
              twice_each<T>(load<T, kVectorBytes / 2>(b), std::make_index_sequence<kWidth>{});
#pragma GCC unroll 24
          for (int r = 0; r < kRows; ++r) sum[r][0] += broadcast_pair(a[0] + 2 * r) * w;
          a[0] += x.step;
        } else {
          Vector<T> w[kVectors];
#pragma GCC unroll 8
          for (int v = 0; v < kVectors; ++v) w[v] = load(b + v * kWidth);
#pragma GCC unroll 24
          for (int r = 0; r < kRows; ++r) {
            const T value = a[r / 4][r % 4 * row];
#pragma GCC unroll 8
            for (int v = 0; v < kVectors; ++v) sum[r][v] += value * w[v];
          }
          forward(x.step);
        }
      }
    }
  }
  if constexpr (kLanesAre == LanesAre::kColumns) {
    write_rows<T>(sum, to);
  } else {
    constexpr int kEach = kLanesAre == LanesAre::kRowPairs ? 2 : 1;
    HalfVector<T> rows[kEach * kRows][1];
#pragma GCC unroll 24
    for (int r = 0; r < kRows; ++r) {
      const HalfVector<T> even = every_second<T>(sum[r][0], 0), odd = every_second<T>(sum[r][0], 1);
      rows[kEach * r][0] = kEach == 1 ? even + odd : even;
      if (kEach == 2) rows[kEach * r + 1][0] = odd;
    }
    write_rows<T>(rows, to);
  }
}

// As many sums as the registers hold beside one or two vectors of b.
inline constexpr int kWidest = 2;
inline constexpr int kTallest = kTileVectors == 4 ? 14 : 12;
constexpr int most_rows(int vectors) { return vectors == 1 ? kTallest : 3 * kTileVectors; }

template <class T>
using RunsTile = void (*)(const Runs<T>&, Size, const Target<T>&);
template <class T, LanesAre kLanesAre, int kVectors, std::size_t... R>
constexpr std::array<RunsTile<T>, kTallest> runs_tiles(std::index_sequence<R...>) {
  return {&multiply_runs<T, kLanesAre, R + 1, kVectors>...};
}
template <class T, LanesAre kLanesAre, int kVectors>
inline constexpr auto kRunsTiles =
    runs_tiles<T, kLanesAre, kVectors>(std::make_index_sequence<most_rows(kVectors)>{});

template <class T>
const std::array<RunsTile<T>, kTallest>& tiles_of(LanesAre lanes, Size vectors) {
  if constexpr (sizeof(T) == 4) {
    if (lanes == LanesAre::kStepPairs) return kRunsTiles<T, LanesAre::kStepPairs, 1>;
    if (lanes == LanesAre::kRowPairs) return kRunsTiles<T, LanesAre::kRowPairs, 1>;
  }
  return vectors == 1 ? kRunsTiles<T, LanesAre::kColumns, 1> : kRunsTiles<T, LanesAre::kColumns, 2>;
}

// Computes to.rows rows of c, in tiles of about equal heights.
template <class T>
void multiply_strip(LanesAre lanes, Size vectors, const Runs<T>& x, Size offset, Target<T> to) {
  const auto& tiles = tiles_of<T>(lanes, vectors);
  const Size each = lanes == LanesAre::kRowPairs ? 2 : 1;
  for (Size parts = ceil_div(to.rows, each * most_rows(vectors)); parts > 0; --parts) {
    const Size height = ceil_div(to.rows, each * parts), rows = each * height;
    tiles[height - 1](x, offset, to);
    offset += rows * x.row;
    to.start += rows * to.start_row;
    to.c += rows * to.c_row;
    to.rows -= rows;
  }
}

}  // namespace foundations
