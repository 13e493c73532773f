// fold(): the loops under every reduction, from sum to argmax's maximum.
//
// A float sum kept in one running float goes wrong long before 40 million pixels: each addition
// rounds to the precision of the total so far. Here the running values are of a wider type, and
// long stretches are cut in halves whose results are merged, so that rounding errors grow with the
// logarithm of the length. Many columns run side by side, which is also what vector units want.
//
// A Rule says what to fold. It has
//   using Running;                                    the type of a running value
//   Running start;                                    its value before the first element
//   Running add(Running so_far, std::array<T, n> elements, std::int64_t output)   for n of 1 and 8
//   Running merge(Running a, Running b)
// `output` is the row-major position of the result that the elements belong to.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "common/tensor/layout.h"
#include "common/tensor/walk.h"

namespace foundations {

// A matrix somewhere in memory: element (r, c) is data[r*row_step + c*column_step].
template <class T>
struct Grid {
  const T* data;
  std::int64_t rows, row_step, columns, column_step;
};

inline constexpr std::int64_t kFoldColumns = 512;  // running values that stay in L1
inline constexpr std::int64_t kFoldRows = 64;      // rows that are added without halving
inline constexpr std::int64_t kFoldLanes = 32;     // running values that share one long row

// Adds kRows rows of the grid, from `row` on, to the running values.
template <int kRows, class T, class Rule>
void add_rows(const Grid<T>& grid, const T* row, const Rule& rule, std::int64_t output,
              std::int64_t output_step, typename Rule::Running* running) {
  const auto add_to_column = [&](std::int64_t c, std::int64_t place) {
    std::array<T, kRows> elements;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) elements[r] = row[r * grid.row_step + place];
    running[c] = rule.add(running[c], elements, output + c * output_step);
  };
  if (grid.column_step == 1) {
#pragma omp simd
    for (std::int64_t c = 0; c < grid.columns; ++c) add_to_column(c, c);
  } else {
    for (std::int64_t c = 0; c < grid.columns; ++c) add_to_column(c, c * grid.column_step);
  }
}

// Folds each column of the grid (at most kFoldColumns) into running[column]. Column c belongs to
// output `output + c*output_step`.
template <class T, class Rule>
void fold_columns(const Grid<T>& grid, const Rule& rule, std::int64_t output,
                  std::int64_t output_step, typename Rule::Running* running) {
  if (grid.rows > kFoldRows) {
    Grid<T> upper = grid, lower = grid;
    upper.rows = (grid.rows / kFoldRows + 1) / 2 * kFoldRows;
    lower.rows -= upper.rows;
    lower.data += upper.rows * grid.row_step;
    std::array<typename Rule::Running, kFoldColumns> other;
    fold_columns(upper, rule, output, output_step, running);
    fold_columns(lower, rule, output, output_step, other.data());
    for (std::int64_t c = 0; c < grid.columns; ++c) running[c] = rule.merge(running[c], other[c]);
    return;
  }
  std::fill_n(running, grid.columns, rule.start);
  constexpr int kTogether = 8;  // rows added before a running value is touched again
  std::int64_t r = 0;
  for (; r + kTogether <= grid.rows; r += kTogether) {
    add_rows<kTogether>(grid, grid.data + r * grid.row_step, rule, output, output_step, running);
  }
  for (; r < grid.rows; ++r) {
    add_rows<1>(grid, grid.data + r * grid.row_step, rule, output, output_step, running);
  }
}

// Returns the fold of n elements, `step` apart, that all belong to one output. Deals them out to
// lanes like cards, as the rows of a grid, so that the lanes can run side by side.
template <class T, class Rule>
typename Rule::Running fold_row(const T* data, std::int64_t n, std::int64_t step, const Rule& rule,
                                std::int64_t output) {
  const std::int64_t rows = n / kFoldLanes, dealt = rows * kFoldLanes;
  typename Rule::Running rest = rule.start;
  for (std::int64_t i = dealt; i < n; ++i) {
    rest = rule.add(rest, std::array<T, 1>{data[i * step]}, output);
  }
  if (rows == 0) return rest;
  std::array<typename Rule::Running, kFoldLanes> lanes;
  fold_columns(Grid<T>{data, rows, kFoldLanes * step, kFoldLanes, step}, rule, output, 0,
               lanes.data());
  for (std::int64_t half = kFoldLanes / 2; half > 0; half /= 2) {
    for (std::int64_t l = 0; l < half; ++l) lanes[l] = rule.merge(lanes[l], lanes[l + half]);
  }
  return rule.merge(lanes[0], rest);
}

// Folds one dimension of a tensor whose first element is *data. Calls store(output, running) for
// each result. Short rows are folded side by side like columns, whatever their strides.
template <class T, class Rule, class Store>
void fold(const T* data, const Layout& layout, std::int64_t dim, const Rule& rule, Store store) {
  const std::int64_t n = layout.shape[dim], step = layout.strides[dim];
  Layout rest = layout;
  rest.shape.erase(dim);
  rest.strides.erase(dim);
  walk<2>(rest.shape, {contiguous_strides(rest.shape), rest.strides},
          [&](std::int64_t outputs, const auto& at, const auto& steps) {
            const auto [output_step, across] = steps;
            if (outputs == 1 || (step <= across && n >= kFoldLanes)) {
              for (std::int64_t i = 0; i < outputs; ++i) {
                const std::int64_t output = at[0] + i * output_step;
                store(output, fold_row(data + at[1] + i * across, n, step, rule, output));
              }
              return;
            }
            std::array<typename Rule::Running, kFoldColumns> running;
            for (std::int64_t i = 0; i < outputs; i += kFoldColumns) {
              const std::int64_t columns = std::min(kFoldColumns, outputs - i);
              const std::int64_t output = at[0] + i * output_step;
              fold_columns(Grid<T>{data + at[1] + i * across, n, step, columns, across}, rule,
                           output, output_step, running.data());
              for (std::int64_t c = 0; c < columns; ++c) {
                store(output + c * output_step, running[c]);
              }
            }
          });
}

// Returns the fold of all elements of a tensor whose first element is *data. Merges the rows'
// results like the carries of a binary counter, each with a result of as many rows.
template <class T, class Rule>
typename Rule::Running fold_all(const T* data, const Layout& layout, const Rule& rule) {
  std::array<typename Rule::Running, 64> carries;
  std::int64_t rows = 0, waiting = 0;
  walk<1>(layout.shape, {layout.strides}, [&](auto n, const auto& at, const auto& step) {
    auto result = fold_row(data + at[0], n, step[0], rule, 0);
    for (std::int64_t bits = rows++; bits & 1; bits >>= 1) {
      result = rule.merge(carries[--waiting], result);
    }
    carries[waiting++] = result;
  });
  if (waiting == 0) return rule.start;
  while (--waiting > 0) carries[waiting - 1] = rule.merge(carries[waiting - 1], carries[waiting]);
  return carries[0];
}

}  // namespace foundations
