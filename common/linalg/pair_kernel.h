// Two steps at a time, for a few columns that fill no vector.
//
// Ten classes are ten columns, so six of sixteen lanes (AVX-512) would work for nothing. Instead,
// two rows of b go into one vector, their numbers alternating. Two numbers of a row of a are 64
// bits, and repeated as easily as one number. Eight of the columns:
//
//   b(p, 0..7)    0 1 2 3 4 5 6 7
//                                     -->   0 0' 1 1' 2 2' 3 3' 4 4' 5 5' 6 6' 7 7'
//   b(p+1, 0..7)  0'1'2'3'4'5'6'7'                         times
//   a(i, p..p+1)  x x'                -->   x x' x x' x x' x x' x x' x x' x x' x x'
//
// The two columns left go into half a vector in the same way. At the end, the two lanes of each
// column are added. With half as many steps, each sum is a chain of half as many additions that
// wait for one another. With few rows there is little else to do meanwhile.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "common/linalg/micro_kernel.h"

namespace foundations {

// Columns are read in units: half a vector or, with vectors of 64 bytes, a quarter, because some
// processors do two vectors of 32 bytes in the time of one of 64. There up to three units pay.
// Elsewhere only one unit pays, with no whole vector beside it: its six sums would be too few to
// hide the time of an addition. (Clang 14 repeats two numbers by so slow an instruction that only
// two units pay.)
inline constexpr bool kWideVectors = kVectorBytes == 64;
inline constexpr Size kPairUnit = kLanes<float> / (kWideVectors ? 4 : 2);
#ifdef __clang__
inline constexpr Size kMostPairUnits = kWideVectors ? 2 : 1;
#else
inline constexpr Size kMostPairUnits = kWideVectors ? 3 : 1;
#endif
inline constexpr int kHalf = kVectorBytes / 2, kQuarter = kVectorBytes / 4;

// Returns kBytes of each of two rows, their numbers alternating.
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

// Returns a vector that repeats the two numbers at `from`.
inline Vector<float> repeat_pair(const float* from) {
  std::int64_t pair;
  std::memcpy(&pair, from, sizeof pair);
  return (Vector<float>)(pair - Vector<std::int64_t>{});  // minus zeros: puts it in every lane
}

inline Vector<float, kHalf> first_half(Vector<float> v) {
  Vector<float, kHalf> half;
  std::memcpy(&half, &v, sizeof half);
  return half;
}

// Stores the sum of every two lanes.
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

// Does what multiply_tile does, and reads kUnits for the columns.   a: rows contiguous
template <Size kUnits, int kRows>
void multiply_pairs(const Tile<float>& t) {
  constexpr Size kColumns = kUnits * kPairUnit, kHalfColumns = kLanes<float> / 2;
  constexpr bool kHasHalf = kColumns >= kHalfColumns, kHasQuarter = kColumns % kHalfColumns != 0;
  constexpr Size kQuarterFrom = kHasHalf ? kHalfColumns : 0;
  Vector<float> sum[kRows] = {};          // of the first columns, if they are half a vector
  Vector<float, kHalf> more[kRows] = {};  // of the quarter that is left
  const float* a = t.a.data;
  Size a_row = t.a.row;
  const auto step = [&](const float* row, const float* next) __attribute__((always_inline)) {
    Vector<float> across = {};
    Vector<float, kHalf> across_more = {};
    if constexpr (kHasHalf) across = interleave<kHalf>(row, next);
    if constexpr (kHasQuarter) {
      across_more = interleave<kQuarter>(row + kQuarterFrom, next + kQuarterFrom);
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      const Vector<float> x = repeat_pair(a + i * a_row);
      if constexpr (kHasHalf) sum[i] += x * across;
      if constexpr (kHasQuarter) more[i] += first_half(x) * across_more;
    }
    a += 2;
  };
  const auto two = [&](const float* b) __attribute__((always_inline)) { step(b, b + t.b_row); };
  const float* row = take_steps<kRows, 2>(t, (t.k - 1) / 2, two);
  const float* next = t.b_last;
  constexpr float kZeros[kColumns] = {};
  float alone[kRows][2] = {};
  if (t.k % 2 == 1) {  // pair the last row with zeros, and its number of a with 0
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
    if constexpr (kHasHalf) store_pair_sums<kVectorBytes>(sum[i], sums[i]);
    if constexpr (kHasQuarter) store_pair_sums<kHalf>(more[i], sums[i] + kQuarterFrom);
  }
  write_sums(sums, t);
}

// All of them, by units (1 to kMostPairUnits) and by rows (1 to kTileRows).
using PairsByRows = std::array<TileFunction<float>, kTileRows>;
template <Size kUnits, std::size_t... N>
constexpr PairsByRows pairs_by_rows(std::index_sequence<N...>) {
  return {&multiply_pairs<kUnits, N + 1>...};
}
template <std::size_t... U>
constexpr std::array<PairsByRows, kMostPairUnits> pairs_by_units(std::index_sequence<U...>) {
  return {pairs_by_rows<U + 1>(std::make_index_sequence<kTileRows>{})...};
}
inline constexpr auto kPairs = pairs_by_units(std::make_index_sequence<kMostPairUnits>{});

inline void multiply_pairs(Size rows, const Tile<float>& tile) {
  kPairs[ceil_div(tile.columns, kPairUnit) - 1][rows - 1](tile);
}

}  // namespace foundations
