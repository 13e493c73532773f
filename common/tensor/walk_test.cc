#include "common/tensor/walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/reference/reference.h"

namespace foundations {
namespace {

using Element = std::array<std::int64_t, 3>;  // where one index lies in each of three views

// A row function that notes every element.
auto noting(std::vector<Element>& visited) {
  return [&visited](std::int64_t n, const auto& at, const auto& step) {
    for (std::int64_t i = 0; i < n; ++i) {
      visited.push_back({at[0] + i * step[0], at[1] + i * step[1], at[2] + i * step[2]});
    }
  };
}

// What walk() visits, element by element.
std::vector<Element> walked(const Shape& shape, const std::array<Strides, 3>& strides) {
  std::vector<Element> visited;
  walk<3>(shape, strides, noting(visited));
  return visited;
}

// The same from the definition: every index into the shape, times the strides.
std::vector<Element> expected(const Shape& shape, const std::array<Strides, 3>& strides) {
  std::vector<Element> elements;
  for (std::int64_t i = 0; i < shape.numel(); ++i) {
    const IntList index = index_of(i, shape);
    Element& element = elements.emplace_back();
    for (std::size_t v = 0; v < 3; ++v) {
      for (std::int64_t d = 0; d < index.size(); ++d) element[v] += index[d] * strides[v][d];
    }
  }
  return elements;
}

TEST(Walk, VisitsEveryIndexOnceInAllViewsTogether) {
  std::mt19937_64 engine(1);
  for (int i = 0; i < 3000; ++i) {
    Shape shape;
    for (int rank = static_cast<int>(engine() % 6); rank > 0; --rank) {
      shape.push_back(static_cast<std::int64_t>(engine() % 4));
    }
    // Strides of row-major views, of transposed and of expanded ones, so that loops join or do not.
    std::array<Strides, 3> strides;
    for (Strides& of_view : strides) {
      of_view = contiguous_strides(shape);
      if (engine() % 2) std::shuffle(of_view.begin(), of_view.end(), engine);
      for (std::int64_t& stride : of_view) {
        if (engine() % 5 == 0) stride = 0;
      }
    }
    std::vector<Element> visited = walked(shape, strides), want = expected(shape, strides);
    std::vector<Element> by_parts;  // three of them, cut anywhere
    const std::int64_t numel = shape.numel();
    std::int64_t first = engine() % (numel + 1), second = engine() % (numel + 1);
    if (first > second) std::swap(first, second);
    const LoopNest<3> nest = plan_loops(shape, strides);
    walk_part(nest, 0, first, noting(by_parts));
    walk_part(nest, first, second, noting(by_parts));
    walk_part(nest, second, numel, noting(by_parts));
    ASSERT_EQ(by_parts, visited) << bracketed(shape) << " cut at " << first << " and " << second;
    std::sort(visited.begin(), visited.end());
    std::sort(want.begin(), want.end());
    ASSERT_EQ(visited, want) << bracketed(shape) << " by " << bracketed(strides[0])
                             << bracketed(strides[1]) << bracketed(strides[2]);
  }
}

TEST(Walk, GoesAsTheFirstViewLiesInMemory) {
  std::vector<std::int64_t> order;
  walk<1>({2, 3}, {Strides{1, 2}}, [&](std::int64_t n, const auto& at, const auto& step) {
    for (std::int64_t i = 0; i < n; ++i) order.push_back(at[0] + i * step[0]);
  });
  EXPECT_EQ(order, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
}

// The sizes of the loops that are left, outermost first.
template <std::size_t N>
std::vector<std::int64_t> loops(const Shape& shape, const std::array<Strides, N>& strides) {
  const LoopNest<N> nest = plan_loops(shape, strides);
  return {nest.size.begin(), nest.size.begin() + nest.depth};
}

TEST(PlanLoops, JoinsWhatLiesEndToEndInEveryViewAndLeavesOutSizesOfOne) {
  using Loops = std::vector<std::int64_t>;
  const Shape shape = {2, 3, 4};
  const Strides rows = contiguous_strides(shape);
  EXPECT_EQ(loops<1>(shape, {rows}), Loops({24}));
  EXPECT_EQ(loops<2>(shape, {rows, rows}), Loops({24}));
  EXPECT_EQ(loops<2>(shape, {rows, {0, 0, 1}}), Loops({6, 4}));   // a row, stretched
  EXPECT_EQ(loops<2>(shape, {rows, {3, 1, 0}}), Loops({6, 4}));   // a column for each matrix
  EXPECT_EQ(loops<2>(shape, {rows, {0, 4, 1}}), Loops({2, 12}));  // a matrix, stretched
  EXPECT_EQ(loops<1>(shape, {Strides{1, 8, 2}}), Loops({24}));    // permuted, but dense
  EXPECT_EQ(loops<1>(shape, {Strides{24, 8, 2}}), Loops({24}));   // every second element
  EXPECT_EQ(loops<1>(shape, {Strides{20, 5, 1}}), Loops({2, 3, 4}));
  EXPECT_EQ(loops<1>({1, 3, 1}, {Strides{99, 1, 77}}), Loops({3}));
  EXPECT_EQ(loops<1>({}, {Strides{}}), Loops());
  EXPECT_EQ(loops<1>({2, 1, 2, 1, 2, 1, 2, 2}, {Strides{16, 9, 8, 9, 4, 9, 2, 1}}), Loops({32}));
}

TEST(Walk, HasNoRowsWithoutElementsAndOneForAScalar) {
  const std::array<Strides, 3> none = {Strides{2, 1}, Strides{2, 1}, Strides{2, 1}};
  EXPECT_TRUE(walked({0, 2}, none).empty());
  EXPECT_TRUE(walked({2, 0}, none).empty());
  EXPECT_EQ(walked({}, {}), (std::vector<Element>{{0, 0, 0}}));
  EXPECT_EQ(walked({1, 1}, none), (std::vector<Element>{{0, 0, 0}}));
}

}  // namespace
}  // namespace foundations
