#include "common/tensor/shape.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "common/testing/testing.h"

namespace foundations {
namespace {

TEST(Shape, IsMadeComparedAndWritten) {
  const std::vector<std::int64_t> sizes = {2, 3, 4};
  const Shape shape = {2, 3, 4};
  EXPECT_EQ(shape, Shape(sizes));
  EXPECT_EQ(shape, Shape(shape.begin(), shape.end()));
  EXPECT_TRUE(Shape().empty());
  EXPECT_EQ(bracketed(shape), "[2, 3, 4]");
  EXPECT_EQ(bracketed(Shape()), "[]");
  EXPECT_FALSE(Shape({2, 3}) == Shape({3, 2}));
  EXPECT_FALSE(Shape({2}) == Shape({2, 1}));
}

TEST(Shape, HoldsEightSizesAndRefusesANinth) {
  Shape shape = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(shape.size(), kMaxDim);
  EXPECT_EQ(shape.numel(), 40320);
  const std::string text =
      "A tensor has at most 8 dimensions, and one more than [1, 2, 3, 4, 5, 6, 7, 8] was asked for";
  expect_error<ShapeError>([&] { shape.push_back(9); }, text);
  expect_error<ShapeError>([&] { shape.insert(0, 9); }, text);
  expect_error<ShapeError>([] { Shape({1, 2, 3, 4, 5, 6, 7, 8, 9}); }, text);
  EXPECT_EQ(shape, Shape({1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Shape, InsertsAndErasesAnywhere) {
  Shape shape = {5};
  shape.insert(0, 3);
  shape.insert(1, 4);
  shape.insert(3, 6);
  EXPECT_EQ(shape, Shape({3, 4, 5, 6}));
  shape.erase(3);
  shape.erase(0);
  shape.erase(0);
  shape.erase(0);
  EXPECT_EQ(shape, Shape());
}

TEST(Shape, CountsElements) {
  EXPECT_EQ(Shape().numel(), 1);
  EXPECT_EQ(Shape({0}).numel(), 0);
  EXPECT_EQ(Shape({3, 0, 2}).numel(), 0);
  EXPECT_EQ(Shape({kMaxLong}).numel(), kMaxLong);
  EXPECT_EQ(Shape({kMaxLong, 0, 1}).numel(), 0);
}

TEST(Shape, RefusesWhatCannotBeCounted) {
  const auto refuses = [](const Shape& shape, const std::string& text) {
    expect_error<ShapeError>([&] { shape.numel(); }, text);
  };
  refuses({3, -1}, "Trying to create tensor with negative dimension -1: [3, -1]");
  const std::string large = "The number of elements of a tensor of shape ";
  refuses({kMaxLong, 2}, large + "[9223372036854775807, 2] does not fit in 63 bits");
  // Also beside a zero: the strides of such a tensor would overflow.
  refuses({0, kMaxLong, 2}, large + "[0, 9223372036854775807, 2] does not fit in 63 bits");
}

TEST(ContiguousStrides, AreRowMajor) {
  EXPECT_EQ(contiguous_strides({2, 3}), Strides({3, 1}));
  EXPECT_EQ(contiguous_strides({2, 1, 3, 4}), Strides({12, 12, 4, 1}));
  EXPECT_EQ(contiguous_strides({}), Strides());
  EXPECT_EQ(contiguous_strides({2, 0, 3}), Strides({3, 3, 1}));  // as in PyTorch
}

TEST(WrapDim, CountsNegativeDimsFromTheEnd) {
  EXPECT_EQ(wrap_dim(-1, 3), 2);
  EXPECT_EQ(wrap_dim(-3, 3), 0);
  EXPECT_EQ(wrap_dim(0, 0), 0);
  EXPECT_EQ(wrap_dim(-1, 0), 0);
  const auto refuses = [](std::int64_t dim, std::int64_t rank, const std::string& range) {
    expect_error<IndexError>([&] { wrap_dim(dim, rank); },
                             "Dimension out of range (expected to be in range of " + range +
                                 ", but got " + std::to_string(dim) + ")");
  };
  refuses(2, 2, "[-2, 1]");
  refuses(-3, 2, "[-2, 1]");
  refuses(-2, 0, "[-1, 0]");
}

TEST(BroadcastShapes, LinesUpTrailingDimensions) {
  struct Case {
    Shape a, b, result;
  };
  const std::vector<Case> cases = {
      {{}, {2, 3}, {2, 3}},
      {{3}, {2, 3}, {2, 3}},
      {{5, 1}, {3}, {5, 3}},
      {{8, 1, 6, 1}, {7, 1, 5}, {8, 7, 6, 5}},
      {{0}, {1}, {0}},
      {{0, 3}, {1, 1}, {0, 3}},
      {{2, 0}, {}, {2, 0}},
      {{1, 1, 1, 1, 1, 1, 1, 2}, {2, 1, 1, 1, 1, 1, 1, 1}, {2, 1, 1, 1, 1, 1, 1, 2}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(bracketed(broadcast_shapes(c.a, c.b)), bracketed(c.result));
    EXPECT_EQ(bracketed(broadcast_shapes(c.b, c.a)), bracketed(c.result));
  }
}

TEST(BroadcastShapes, RefusesSizesThatClash) {
  const auto refuses = [](const Shape& a, const Shape& b, const std::string& size_a,
                          const std::string& size_b, const std::string& dim) {
    expect_error<ShapeError>([&] { broadcast_shapes(a, b); },
                             "The size of tensor a (" + size_a +
                                 ") must match the size of tensor b (" + size_b +
                                 ") at non-singleton dimension " + dim);
  };
  refuses({2, 3}, {2}, "3", "2", "1");
  refuses({2}, {2, 3}, "2", "3", "1");
  refuses({4, 3}, {2, 3}, "4", "2", "0");
  refuses({0}, {2}, "0", "2", "0");
  refuses({4, 3}, {2, 5}, "3", "5", "1");  // the last dimension is looked at first
}

TEST(ParseShape, TakesWhatOneTypes) {
  const std::pair<const char*, Shape> rows[] = {
      {"7", {7}},           {"2x3x4", {2, 3, 4}}, {"2,3", {2, 3}},
      {"2,3x4", {2, 3, 4}}, {" 2 , 3 ", {2, 3}},  {"0x1", {0, 1}},
      {"[]", {}},           {"scalar", {}},       {"1x2x3x4x5x6x7x8", {1, 2, 3, 4, 5, 6, 7, 8}},
  };
  for (const auto& [text, shape] : rows) EXPECT_EQ(parse_shape(text), shape) << text;
}

TEST(ParseShape, RefusesAnythingElse) {
  for (const std::string text : {"", "x", "2x", "x2", "2,,3", "-1", "2x-3", "2.5", "2 x y", "[2]",
                                 "scalar,2", "1,1,1,1,1,1,1,1,1", "99999999999999999999"}) {
    expect_error<ShapeError>([&] { parse_shape(text); },
                             "'" + text +
                                 "' is not a shape: write up to 8 sizes, as in 2x3x4 or 2,3,4, or "
                                 "[] for a scalar");
  }
}

}  // namespace
}  // namespace foundations
