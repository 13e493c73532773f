// walk(): the loops under every elementwise operation and reduction. It crosses N views of one
// shape together and hands out whole rows, so that the code that does the arithmetic is a plain
// loop.
//
//   out = a + b with shapes [2, 3], [2, 3], [3]:
//
//     walk<3>({2, 3}, {out_strides, a_strides, b_strides}, [&](auto n, auto& at, auto& step) {
//       for (std::int64_t i = 0; i < n; ++i) {
//         out[at[0] + i * step[0]] = a[at[1] + i * step[1]] + b[at[2] + i * step[2]];
//       }
//     });
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "common/base/openmp.h"
#include "common/tensor/shape.h"

namespace foundations {

// From this many elements on, all threads share the work. Waking them takes some 4 us. Two threads
// were as fast as one at 40,000 floats for exp, 80,000 for a + b, 120,000 for a copy and 160,000
// for sums: the last, so that nothing gets slower.
inline constexpr std::int64_t kWorthThreads = 160'000;

// One number for each of the N views.
template <std::size_t N>
using PerView = std::array<std::int64_t, N>;

// The loops that visit every index of a shape once, outermost first.
template <std::size_t N>
struct LoopNest {
  std::int64_t depth = 0;
  std::array<std::int64_t, kMaxDim> size;
  std::array<PerView<N>, kMaxDim> step;
};

// Returns a loop for each dimension of a size other than 1, ordered by the first view's strides: a
// transpose is crossed in the order of its memory.
template <std::size_t N>
LoopNest<N> ordered_loops(const Shape& shape, const std::array<Strides, N>& strides) {
  LoopNest<N> nest;
  for (std::int64_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1) continue;
    std::int64_t place = nest.depth++;  // insertion sort, the longest stride first
    for (; place > 0 && nest.step[place - 1][0] < strides[0][d]; --place) {
      nest.size[place] = nest.size[place - 1];
      nest.step[place] = nest.step[place - 1];
    }
    nest.size[place] = shape[d];
    for (std::size_t v = 0; v < N; ++v) nest.step[place][v] = strides[v][d];
  }
  return nest;
}

// Returns true if, in every view, the outer loop continues where the inner loop ends.
template <std::size_t N>
bool continues(const LoopNest<N>& nest, std::int64_t outer, std::int64_t inner) {
  for (std::size_t v = 0; v < N; ++v) {
    if (nest.step[outer][v] != nest.size[inner] * nest.step[inner][v]) return false;
  }
  return true;
}

// Returns as few loops as the strides allow: a loop that continues the loop inside it is joined to
// it. Contiguous views of any rank become one loop.
template <std::size_t N>
LoopNest<N> plan_loops(const Shape& shape, const std::array<Strides, N>& strides) {
  const LoopNest<N> all = ordered_loops(shape, strides);
  LoopNest<N> nest;
  for (std::int64_t d = 0; d < all.depth; ++d) {
    const std::int64_t last = nest.depth - 1;
    nest.size[nest.depth] = all.size[d];
    nest.step[nest.depth] = all.step[d];
    if (last >= 0 && continues(nest, last, nest.depth)) {
      nest.size[last] *= all.size[d];
      nest.step[last] = all.step[d];
    } else {
      ++nest.depth;
    }
  }
  return nest;
}

// Calls row(n, at, step) for the elements from .. to - 1 of the loops, as much of a row at a time
// as is wanted: element i of view v is at[v] + i*step[v] elements from the view's first.
template <std::size_t N, class Row>
void walk_part(const LoopNest<N>& nest, std::int64_t from, std::int64_t to, const Row& row) {
  PerView<N> at{};
  if (nest.depth == 0 && from < to) return row(std::int64_t{1}, at, at);
  const std::int64_t last = nest.depth - 1;
  std::array<std::int64_t, kMaxDim> index{};
  const auto move = [&](std::int64_t d, std::int64_t by) {
    index[d] += by;
    for (std::size_t v = 0; v < N; ++v) at[v] += by * nest.step[d][v];
  };
  if (from > 0) {  // in the middle: the digits of `from`, as an odometer shows them
    std::int64_t left = from;
    for (std::int64_t d = last; d >= 0; left /= nest.size[d--]) move(d, left % nest.size[d]);
  }
  while (from < to) {
    const std::int64_t n = std::min(nest.size[last] - index[last], to - from);
    row(n, at, nest.step[last]);
    from += n;
    if (index[last] > 0) move(last, -index[last]);
    for (std::int64_t d = last - 1; d >= 0; --d) {  // on to the next row, like an odometer
      move(d, 1);
      if (index[d] < nest.size[d]) break;
      move(d, -nest.size[d]);
    }
  }
}

// Calls row(n, at, step) for all elements. A shape with a size of 0 has no rows.
template <std::size_t N, class Row>
void walk(const Shape& shape, const std::array<Strides, N>& strides, const Row& row) {
  const std::int64_t numel = shape.numel();
  if (numel > 0) walk_part(plan_loops(shape, strides), 0, numel, row);
}

// Returns how many threads to use for work on so many elements: all of them or one.
inline int threads_for(std::int64_t elements) {
  return elements < kWorthThreads ? 1 : threads_available();
}

// The same as walk(), on all threads where they pay: each walks its share of the elements. `row` is
// called from several threads at once.
template <std::size_t N, class Row>
void parallel_walk(const Shape& shape, const std::array<Strides, N>& strides, const Row& row) {
  const std::int64_t numel = shape.numel();
  if (numel == 0) return;
  const LoopNest<N> nest = plan_loops(shape, strides);
  const int threads = threads_for(numel);
  if (threads == 1) return walk_part(nest, 0, numel, row);
  // Whole cache lines, so that no two threads write one and vectors stay aligned.
  const std::int64_t share = (numel / threads / 64 + 1) * 64;
  run_shares(threads, [&](int t) {
    const std::int64_t from = std::min(numel, t * share);
    walk_part(nest, from, std::min(numel, from + share), row);
  });
}

}  // namespace foundations
