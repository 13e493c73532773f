// The innermost loop of a convolution: a tile of the result that stays in the registers.
//
// The tile of matmul (linalg/micro_kernel.h) sums over one stretch of memory. A patch of an image
// is several stretches, one for each row of the kernel. So this tile sums over two indices: over
// lines, and over the numbers of a line.
//
//   c[r][j] = start[r][j] + sum over a < count, t < steps of
//                             lines[a][offset + r * row + t * step] * b[a * steps + t][j]
//
//                     r = 0        r = 1                  forward: r is a pixel of the result and
//   lines[0] ->   [ . . . | . ] [ . . . | . ]             moves on by `row`; its patch is count =
//   lines[1] ->   [ . . . | . ] [ . . . | . ]             kernel rows, each of steps = kernel
//   lines[2] ->   [ . . . | . ] [ . . . | . ]             columns * channels numbers
//
// Neighbouring patches share numbers, and nothing is copied for it: they are a view with
// overlapping rows. The gradients are the same sum with other meanings of a and t (conv.cc).
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "common/linalg/vector.h"

namespace foundations {

template <class T>
struct Patches {
  const T* const* lines;
  Size count;
  Size steps, step = 1;
  Size row;
};

// A panel of b: as many columns as a few vectors have; its rows are `row` apart and may be read in
// whole vectors.
template <class T>
struct Panel {
  const T* data;
  Size row;
  int vectors, bytes;  // of one vector
};

// The sums start from `start` and are written to c. Of c, only `columns` are written.
template <class T>
struct Target {
  const T* start;  // read in whole vectors
  Size start_row;
  T* c;
  Size c_row, columns;
};

template <class T, int kBytes, int kRows, int kVectors>
void multiply_patches(const Patches<T>& x, Size offset, const Panel<T>& b, const Target<T>& to) {
  constexpr Size kWidth = kBytes / sizeof(T);
  using Lanes = Vector<T, kBytes>;
  Lanes sum[kRows][kVectors];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      sum[r][v] = load<T, kBytes>(to.start + r * to.start_row + v * kWidth);
    }
  }
  const T* across = b.data;
  for (Size a = 0; a < x.count; ++a) {
    const T* along = x.lines[a] + offset;
    for (Size t = 0; t < x.steps; ++t, along += x.step, across += b.row) {
      Lanes w[kVectors];
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) w[v] = load<T, kBytes>(across + v * kWidth);
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r) {
        const T value = along[r * x.row];
#pragma GCC unroll 8
        for (int v = 0; v < kVectors; ++v) sum[r][v] += value * w[v];
      }
    }
  }
  if (to.columns == kVectors * kWidth) {
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) {
        std::memcpy(to.c + r * to.c_row + v * kWidth, &sum[r][v], kBytes);
      }
    }
    return;
  }
  T sums[kRows][kVectors * kWidth];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) std::memcpy(&sums[r][v * kWidth], &sum[r][v], kBytes);
  }
  for (int r = 0; r < kRows; ++r) std::copy_n(sums[r], to.columns, to.c + r * to.c_row);
}

// As many sums as the registers hold (24 or 12), but at most twelve rows: from eight on, the
// latency of a multiply-add is hidden.
inline constexpr int kTileSums = 6 * kTileVectors;
constexpr int most_rows(int vectors) { return std::min(kTileSums / vectors, 12); }

template <class T>
using PatchTile = void (*)(const Patches<T>&, Size, const Panel<T>&, const Target<T>&);
template <class T, int kBytes, int kVectors, std::size_t... R>
constexpr std::array<PatchTile<T>, 12> patch_tiles(std::index_sequence<R...>) {
  return {&multiply_patches<T, kBytes, R + 1, kVectors>...};
}
template <class T, int kBytes, std::size_t... V>
constexpr auto every_patch_tile(std::index_sequence<V...>) {
  return std::array{patch_tiles<T, kBytes, V + 1>(std::make_index_sequence<most_rows(V + 1)>{})...};
}
template <class T>
inline constexpr auto kPatchTiles =
    every_patch_tile<T, kVectorBytes>(std::make_index_sequence<kTileVectors>{});
// For a few channels: vectors of half the size, one of them.
template <class T>
inline constexpr auto kNarrowPatchTiles =
    patch_tiles<T, kVectorBytes / 2, 1>(std::make_index_sequence<12>{});

// Computes m rows of c, in tiles of about equal heights.
template <class T>
void multiply_strip(Size m, const Patches<T>& x, Size offset, const Panel<T>& b, Target<T> to) {
  const auto& tiles =
      (b.bytes == kVectorBytes ? kPatchTiles<T>[b.vectors - 1] : kNarrowPatchTiles<T>);
  for (Size parts = ceil_div(m, most_rows(b.vectors)); parts > 0; --parts) {
    const Size rows = ceil_div(m, parts);
    tiles[rows - 1](x, offset, b, to);
    m -= rows;
    offset += rows * x.row;
    to.start += rows * to.start_row;
    to.c += rows * to.c_row;
  }
}

}  // namespace foundations
