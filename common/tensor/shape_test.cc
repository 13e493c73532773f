#include "common/tensor/shape.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

TEST(Shape, IsMadeFromBracesAVectorOrIterators) {
  const std::vector<std::int64_t> sizes = {2, 3, 4};
  const Shape shape = {2, 3, 4};
  EXPECT_EQ(shape, Shape(sizes));
  EXPECT_EQ(shape, Shape(sizes.begin(), sizes.end()));
  EXPECT_EQ(shape, Shape(shape.begin(), shape.end()));
  EXPECT_EQ(Shape(), Shape({}));
  EXPECT_TRUE(Shape().empty());
  EXPECT_EQ(bracketed(shape), "[2, 3, 4]");
  EXPECT_EQ(bracketed(Shape({7})), "[7]");
  EXPECT_EQ(bracketed(Shape()), "[]");
}

TEST(Shape, ComparesSizesAndRank) {
  EXPECT_FALSE(Shape({2, 3}) == Shape({3, 2}));
  EXPECT_FALSE(Shape({2}) == Shape({2, 1}));
  EXPECT_FALSE(Shape({1}) == Shape());
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
  expect_error<ShapeError>(
      [] {
        Shape(std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9});
      },
      text);
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
  EXPECT_EQ(shape, Shape({4, 5}));
  shape.erase(0);
  shape.erase(0);
  EXPECT_EQ(shape, Shape());
}

TEST(Shape, CountsElements) {
  EXPECT_EQ(Shape().numel(), 1);
  EXPECT_EQ(Shape({0}).numel(), 0);
  EXPECT_EQ(Shape({3, 0, 2}).numel(), 0);
  EXPECT_EQ(Shape({3, 1, 2}).numel(), 6);
  EXPECT_EQ(Shape({kMax}).numel(), kMax);
  EXPECT_EQ(Shape({kMax, 0, 1}).numel(), 0);
}

TEST(Shape, RefusesWhatCannotBeCounted) {
  expect_error<ShapeError>(
      [] {
        Shape({3, -1}).numel();
      },
      "Trying to create tensor with negative dimension -1: [3, -1]");
  expect_error<ShapeError>(
      [] {
        Shape({0, -2}).numel();
      },
      "Trying to create tensor with negative dimension -2: [0, -2]");
  expect_error<ShapeError>(
      [] {
        Shape({kMax, 2}).numel();
      },
      "The number of elements of a tensor of shape [9223372036854775807, 2] does not fit in 63 "
      "bits");
  // Also beside a zero: the strides of such a tensor would overflow.
  expect_error<ShapeError>(
      [] {
        Shape({0, kMax, 2}).numel();
      },
      "The number of elements of a tensor of shape [0, 9223372036854775807, 2] does not fit in 63 "
      "bits");
}

TEST(ContiguousStrides, AreRowMajor) {
  EXPECT_EQ(contiguous_strides({2, 3}), Strides({3, 1}));
  EXPECT_EQ(contiguous_strides({2, 1, 3, 4}), Strides({12, 12, 4, 1}));
  EXPECT_EQ(contiguous_strides({}), Strides());
  EXPECT_EQ(contiguous_strides({2, 0, 3}), Strides({3, 3, 1}));  // as in PyTorch
}

TEST(WrapDim, CountsNegativeDimsFromTheEnd) {
  EXPECT_EQ(wrap_dim(0, 3), 0);
  EXPECT_EQ(wrap_dim(2, 3), 2);
  EXPECT_EQ(wrap_dim(-1, 3), 2);
  EXPECT_EQ(wrap_dim(-3, 3), 0);
  EXPECT_EQ(wrap_dim(0, 0), 0);
  EXPECT_EQ(wrap_dim(-1, 0), 0);
}

TEST(WrapDim, RefusesOthers) {
  const auto text = [](const std::string& range, const std::string& dim) {
    return "Dimension out of range (expected to be in range of " + range + ", but got " + dim + ")";
  };
  expect_error<IndexError>([] { wrap_dim(2, 2); }, text("[-2, 1]", "2"));
  expect_error<IndexError>([] { wrap_dim(-3, 2); }, text("[-2, 1]", "-3"));
  expect_error<IndexError>([] { wrap_dim(1, 0); }, text("[-1, 0]", "1"));
  expect_error<IndexError>([] { wrap_dim(-2, 0); }, text("[-1, 0]", "-2"));
}

TEST(BroadcastShapes, LinesUpTrailingDimensions) {
  struct Case {
    Shape a, b, result;
  };
  const std::vector<Case> cases = {
      {{3}, {3}, {3}},
      {{}, {}, {}},
      {{}, {2, 3}, {2, 3}},
      {{3}, {2, 3}, {2, 3}},
      {{1}, {3}, {3}},
      {{5, 1}, {3}, {5, 3}},
      {{256, 256, 3}, {3}, {256, 256, 3}},
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
  const auto text = [](const std::string& a, const std::string& b, const std::string& dim) {
    return "The size of tensor a (" + a + ") must match the size of tensor b (" + b +
           ") at non-singleton dimension " + dim;
  };
  expect_error<ShapeError>([] { broadcast_shapes({2, 3}, {2}); }, text("3", "2", "1"));
  expect_error<ShapeError>([] { broadcast_shapes({2}, {2, 3}); }, text("2", "3", "1"));
  expect_error<ShapeError>([] { broadcast_shapes({4, 3}, {2, 3}); }, text("4", "2", "0"));
  expect_error<ShapeError>([] { broadcast_shapes({0}, {2}); }, text("0", "2", "0"));
  // The last dimension is looked at first.
  expect_error<ShapeError>([] { broadcast_shapes({4, 3}, {2, 5}); }, text("3", "5", "1"));
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
