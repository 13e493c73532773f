// Two steps at a time, for a few columns that fill no vector.
//
// Ten classes are ten columns, and six of sixteen lanes would work for nothing. So two rows of b
// are laid side by side, their numbers in turns; and two numbers of a row of a, which are one of 64
// bits, are repeated as easily as one:
//
//   b(p, 0..7)    0 1 2 3 4 5 6 7
//                                     -->   0 0' 1 1' 2 2' 3 3' 4 4' 5 5' 6 6' 7 7'
//   b(p+1, 0..7)  0'1'2'3'4'5'6'7'                         times
//   a(i, p..p+1)  x x'                -->   x x' x x' x x' x x' x x' x x' x x' x x'
//
// At the end, two lanes are added for each sum. Half the steps, and twice as many sums under way,
// which matters for few rows: they would wait for one another.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "common/micro_kernel.h"

namespace foundations {

// Half a vector of columns, or half of that again where it pays: with vectors of 64 bytes, since
// there are processors that do two of 32 in the time of one.
inline constexpr int kHalf = kVectorBytes / 2, kQuarter = kVectorBytes / 4;
inline constexpr Size kPairColumns = kLanes<float> / 2;
inline constexpr Size kMostPairColumns = kVectorBytes == 64 ? kLanes<float> * 3 / 4 : kPairColumns;

// How many columns are read for so many.
inline Size pair_columns(Size columns) {
  return columns <= kPairColumns ? kPairColumns : kMostPairColumns;
}

// kBytes of two rows, their numbers in turns.
template <int kBytes, std::size_t... J>
inline Vector<float, 2 * kBytes> interleave(const float* row, const float* next,
                                            std::index_sequence<J...>) {
  return __builtin_shufflevector(load<float, kBytes>(row), load<float, kBytes>(next),
                                 (J / 2 + J % 2 * sizeof...(J) / 2)...);
}
template <int kBytes>
inline Vector<float, 2 * kBytes> interleave(const float* row, const float* next) {
  constexpr std::make_index_sequence<2 * kBytes / sizeof(float)> kAll;
  return interleave<kBytes>(row, next, kAll);
}

// to: the sum of every two lanes
template <int kBytes, std::size_t... J>
inline void store_pair_sums(Vector<float, kBytes> v, float* to, std::index_sequence<J...>) {
  const Vector<float, kBytes / 2> sums =
      __builtin_shufflevector(v, v, 2 * J...) + __builtin_shufflevector(v, v, (2 * J + 1)...);
  std::memcpy(to, &sums, sizeof sums);
}
template <int kBytes>
inline void store_pair_sums(Vector<float, kBytes> v, float* to) {
  store_pair_sums<kBytes>(v, to, std::make_index_sequence<kBytes / 2 / sizeof(float)>{});
}

// As multiply_tile, for up to kColumns columns.   a: rows contiguous
template <Size kColumns, int kRows>
void multiply_pairs(const Tile<float>& t) {
  constexpr bool kMore = kColumns > kPairColumns;
  Vector<float> sum[kRows] = {};
  Vector<float, kHalf> more[kRows] = {};
  const float* a = t.a.data;
  Size a_row = t.a.row;
  const auto step = [&](const float* row, const float* next) __attribute__((always_inline)) {
    const Vector<float> across = interleave<kHalf>(row, next);
    Vector<float, kHalf> across_more = {};
    if constexpr (kMore) {
      across_more = interleave<kQuarter>(row + kPairColumns, next + kPairColumns);
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      std::int64_t pair;
      std::memcpy(&pair, a + i * a_row, sizeof pair);
      const auto x = (Vector<float>)(pair - Vector<std::int64_t>{});  // in every two lanes
      sum[i] += x * across;
      if constexpr (kMore) {
        Vector<float, kHalf> half;
        std::memcpy(&half, &x, sizeof half);
        more[i] += half * across_more;
      }
    }
    a += 2;
  };
  const auto two = [&](const float* b) __attribute__((always_inline)) { step(b, b + t.b_row); };
  const float* row = take_steps<kRows, 2>(t, (t.k - 1) / 2, two);
  const float* next = t.b_last;
  constexpr float kZeros[kLanes<float>] = {};
  float alone[kRows][2] = {};
  if (t.k % 2 == 1) {  // the last step has none beside it but one of zeros, times zeros
    for (int i = 0; i < kRows; ++i) alone[i][0] = a[i * a_row];
    a = alone[0];
    a_row = 2;
    row = t.b_last;
    next = kZeros;
  }
  step(row, next);

  float sums[kRows][kColumns];
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
    store_pair_sums<kVectorBytes>(sum[i], sums[i]);
    if constexpr (kMore) store_pair_sums<kHalf>(more[i], sums[i] + kPairColumns);
  }
  write_sums(sums, t);
}

// By rows, 1 to kTileRows.
template <Size kColumns, std::size_t... I>
constexpr auto every_pairs(std::index_sequence<I...>) {
  return std::array{&multiply_pairs<kColumns, I + 1>...};
}
template <Size kColumns>
inline constexpr auto kPairs = every_pairs<kColumns>(std::make_index_sequence<kTileRows>{});

inline void multiply_pairs(Size rows, const Tile<float>& tile) {
  const bool few = tile.columns <= kPairColumns;
  (few ? kPairs<kPairColumns> : kPairs<kMostPairColumns>)[rows - 1](tile);
}

}  // namespace foundations
