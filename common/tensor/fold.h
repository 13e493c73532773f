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
#include <utility>
#include <vector>

#include "common/tensor/layout.h"
#include "common/tensor/walk.h"

namespace foundations {

// A matrix somewhere in memory: element (r, c) is data[r*row_step + c*column_step].
template <class T>
struct Grid {
  const T* data;
  std::int64_t rows, row_step, columns, column_step;
};

// Which dimensions of a tensor are folded.
using Reduced = std::array<bool, kMaxDim>;

inline constexpr std::int64_t kFoldColumns = 512;  // running values that stay in L1
inline constexpr std::int64_t kFoldRows = 64;      // rows that are added without halving
inline constexpr std::int64_t kFoldLanes = 32;     // running values that share one long row
inline constexpr int kFoldTogether = 8;  // rows added before a running value is touched again

// Outputs that a thread takes whole, at the least: rows that are even work to share, columns that
// are a few cache lines wide.
inline constexpr std::int64_t kRowsForAThread = 8, kColumnsForAThread = 64;

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

// Asks for memory that will be wanted 4 KiB from now. Eight rows that are read side by side look
// like eight places to the processor, also where they are one stretch, and it does not guess what
// comes next: without this, a sum from memory took twice as long.
template <class T>
void fetch_ahead(const T* from, std::int64_t count) {
  const char* const ahead = reinterpret_cast<const char*>(from) + 4096;
  for (std::int64_t byte = 0; byte < count * std::int64_t{sizeof(T)}; byte += 64) {
    __builtin_prefetch(ahead + byte);
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
  const bool one_stretch = grid.column_step == 1 && grid.row_step == grid.columns;
  std::int64_t r = 0;
  for (; r + kFoldTogether <= grid.rows; r += kFoldTogether) {
    const T* const row = grid.data + r * grid.row_step;
    if (one_stretch) fetch_ahead(row, kFoldTogether * grid.columns);
    add_rows<kFoldTogether>(grid, row, rule, output, output_step, running);
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
  if (rows == 0) {
    typename Rule::Running sum = rule.start;
    for (std::int64_t i = 0; i < n; ++i) sum = rule.add(sum, std::array{data[i * step]}, output);
    return sum;
  }
  std::array<typename Rule::Running, kFoldLanes> lanes;
  fold_columns(Grid<T>{data, rows, kFoldLanes * step, kFoldLanes, step}, rule, output, 0,
               lanes.data());
  add_rows<1>(Grid<T>{data, 1, 0, n - dealt, step}, data + dealt * step, rule, output, 0,
              lanes.data());
  for (std::int64_t half = kFoldLanes / 2; half > 0; half /= 2) {
    for (std::int64_t l = 0; l < half; ++l) lanes[l] = rule.merge(lanes[l], lanes[l + half]);
  }
  return lanes[0];
}

inline std::int64_t longest_loop(const LoopNest<1>& loops) {
  return std::max_element(loops.size.begin(), loops.size.begin() + loops.depth) -
         loops.size.begin();
}

// The loops over the elements of one output, outermost first. The innermost is the one that runs
// fast: a short one changes places with the longest.
inline LoopNest<1> loops_of_output(const Shape& shape, const Strides& strides) {
  LoopNest<1> loops = plan_loops<1>(shape, {strides});
  const std::int64_t numel = shape.numel();
  if (numel <= 1) {
    loops.depth = 1;
    loops.size[0] = numel;
    loops.step[0] = {0};
  }
  const std::int64_t last = loops.depth - 1;
  if (loops.size[last] < kFoldTogether) {
    const std::int64_t longest = longest_loop(loops);
    std::swap(loops.size[last], loops.size[longest]);
    std::swap(loops.step[last], loops.step[longest]);
  }
  return loops;
}

// Outputs that lie side by side: number c of them is `output + c*output_step`, and its elements
// begin `c*step` behind those of the first.
template <class Rule>
struct Outputs {
  const Rule& rule;
  const LoopNest<1>& loops;
  std::int64_t count, step, output, output_step;
};

// Folds `size` rounds of loop d, with all loops inside it, into running[c] for each output c.
template <class T, class Rule>
void fold_loops(const T* data, const Outputs<Rule>& out, std::int64_t d, std::int64_t size,
                typename Rule::Running* running) {
  const std::int64_t step = out.loops.step[d][0];
  if (d == out.loops.depth - 1) {
    if (out.count == 1) {
      *running = fold_row(data, size, step, out.rule, out.output);
      return;
    }
    return fold_columns(Grid<T>{data, size, step, out.count, out.step}, out.rule, out.output,
                        out.output_step, running);
  }
  if (size == 1) return fold_loops(data, out, d + 1, out.loops.size[d + 1], running);
  std::array<typename Rule::Running, kFoldColumns> other;
  const std::int64_t half = size / 2;
  fold_loops(data, out, d, half, running);
  fold_loops(data + half * step, out, d, size - half, other.data());
  for (std::int64_t c = 0; c < out.count; ++c) running[c] = out.rule.merge(running[c], other[c]);
}

// The dimensions for which reduced[d] is `wanted`.
inline Layout some_dims(const Layout& layout, const Reduced& reduced, bool wanted) {
  Layout result;
  for (std::int64_t d = 0; d < layout.dim(); ++d) {
    if (reduced[d] != wanted) continue;
    result.shape.push_back(layout.shape[d]);
    result.strides.push_back(layout.strides[d]);
  }
  return result;
}

// A tensor to fold: which of its loops make the outputs, and which the elements of each.
template <class T>
struct Folding {
  Folding(const T* first, const Layout& kept, const Layout& inside)
      : data(first),
        numel(kept.shape.numel()),
        outputs(plan_loops<2>(kept.shape, {contiguous_strides(kept.shape), kept.strides})),
        elements(loops_of_output(inside.shape, inside.strides)) {}

  // Calls store(output, running) for the outputs from .. to - 1. Short rows are folded side by side
  // like columns, however they lie in memory.
  template <class Rule, class Store>
  void run(std::int64_t from, std::int64_t to, const Rule& rule, const Store& store) const {
    const std::int64_t side_by_side = has_rows() ? 1 : kFoldColumns;
    walk_part(outputs, from, to, [&](std::int64_t n, const auto& at, const auto& steps) {
      const auto [output_step, across] = steps;
      const T* const start = data + at[1];
      if (side_by_side == 1 && elements.depth == 1) {
        for (std::int64_t i = 0; i < n; ++i) {
          const std::int64_t output = at[0] + i * output_step;
          store(output,
                fold_row(start + i * across, elements.size[0], elements.step[0][0], rule, output));
        }
        return;
      }
      std::array<typename Rule::Running, kFoldColumns> running;
      for (std::int64_t i = 0; i < n; i += side_by_side) {
        const std::int64_t count = std::min(side_by_side, n - i), first = at[0] + i * output_step;
        const Outputs<Rule> out{rule, elements, count, across, first, output_step};
        fold_loops(start + i * across, out, 0, elements.size[0], running.data());
        for (std::int64_t c = 0; c < count; ++c) store(first + c * output_step, running[c]);
      }
    });
  }

  // Returns true if the elements of an output are a long row that is best folded by itself.
  bool has_rows() const {
    const std::int64_t last = elements.depth - 1;
    return elements.size[last] >= kFoldLanes &&
           (outputs.depth == 0 || elements.step[last][0] <= outputs.step[outputs.depth - 1][1]);
  }

  // Part t of `parts`: the same outputs, of a stretch of the longest loop.
  Folding part(std::int64_t t, std::int64_t parts) const {
    const std::int64_t d = longest_loop(elements), from = elements.size[d] * t / parts;
    Folding result = *this;
    result.data += from * elements.step[d][0];
    result.elements.size[d] = elements.size[d] * (t + 1) / parts - from;
    return result;
  }

  const T* data;
  std::int64_t numel;    // how many outputs
  LoopNest<2> outputs;   // where the result is to go, and where its elements begin
  LoopNest<1> elements;  // of each output
};

// Folds the dimensions for which reduced[d] holds of a tensor whose first element is *data: calls
// store(output, running) for each of the results.
//
// Where all threads pay, each takes some of the outputs if there are many. If there are few, each
// takes a part of every output, and the parts are merged in order: the same number of threads gives
// the same bits.
template <class T, class Rule, class Store>
void fold(const T* data, const Layout& layout, const Reduced& reduced, const Rule& rule,
          const Store& store) {
  using Running = typename Rule::Running;
  const Folding<T> all(data, some_dims(layout, reduced, false), some_dims(layout, reduced, true));
  const int threads = threads_for(layout.shape.numel());
  const std::int64_t n = all.numel;
  if (threads == 1) return all.run(0, n, rule, store);
  if (n >= threads * (all.has_rows() ? kRowsForAThread : kColumnsForAThread)) {
    return run_shares(threads,
                      [&](int t) { all.run(n * t / threads, n * (t + 1) / threads, rule, store); });
  }
  const std::int64_t longest = all.elements.size[longest_loop(all.elements)];
  const int parts = static_cast<int>(std::min<std::int64_t>(threads, longest));
  std::vector<Running> results(n * parts);
  run_shares(parts, [&](int t) {
    all.part(t, parts).run(0, n, rule, [&](std::int64_t output, const Running& running) {
      results[t * n + output] = running;
    });
  });
  for (std::int64_t i = 0; i < n; ++i) {
    for (int t = 1; t < parts; ++t) results[i] = rule.merge(results[i], results[t * n + i]);
    store(i, results[i]);
  }
}

}  // namespace foundations
