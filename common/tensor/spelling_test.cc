// The spelling of the notes: indices, sizes and operands one by one, without braces.
#include <gtest/gtest.h>

#include <cstdint>

#include "common/testing/testing.h"

namespace foundations {
namespace {

template <class Index>
concept IsIndex = requires(Tensor t, Index index) {
  t[index];
};
template <class... Index>
concept AreIndices = requires(Tensor t, Index... index) {
  t(index...);
};
template <class Size>
concept IsSize = requires(Size size) {
  zeros(size);
};

static_assert(IsIndex<int> && IsIndex<std::size_t> && !IsIndex<bool> && !IsIndex<double>);
static_assert(AreIndices<int, int> && !AreIndices<bool> && !AreIndices<bool, Slice>);
static_assert(IsSize<int> && IsSize<std::uint8_t> && !IsSize<bool> && !IsSize<float>);

TEST(SpellingTest, IntegersAreAnElementAllElseAView) {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}});
  float& element = m(1, 2);
  EXPECT_EQ(element, 6);
  const std::size_t last = 2;
  expect_equal(m(_, last), tensor({3, 6}));
  expect_equal(m(-1, _), tensor({4, 5, 6}));
  expect_equal(m(Slice(1), Slice(None, 2)), tensor({{4, 5}}));
  expect_equal(m(0, None), tensor({{1, 2, 3}}));
  EXPECT_EQ(m(_, _, None).shape(), Shape({2, 3, 1}));
  EXPECT_EQ(m(Ellipsis, None).strides(), Strides({3, 1, 1}));
  EXPECT_EQ(m(None).shape(), Shape({1, 2, 3}));
  expect_error<IndexError>([&] { m(_, 3); },
                           "index 3 is out of bounds for dimension 1 with size 3");
  expect_error<IndexError>([&] { m(_, _, _); }, "too many indices for tensor of dimension 2");
}

TEST(SpellingTest, AViewIsWrittenThrough) {
  Tensor m = zeros(2, 2);
  m(_, 0) = tensor({1, 2});
  m(1, _) += tensor({10, 10});
  m(0, 1) = 7;
  expect_equal(m, tensor({{1, 7}, {12, 10}}));
}

TEST(SpellingTest, SizesOneByOneAreAShapeInBraces) {
  EXPECT_EQ(zeros(2, 3).shape(), Shape({2, 3}));
  EXPECT_EQ(ones<std::int64_t>(4).shape(), Shape({4}));
  EXPECT_EQ(empty(0, 5).shape(), Shape({0, 5}));
  const Tensor x = arange(6.0).view(2, -1);
  expect_equal(x.view(3, 2), x.view({3, 2}));
  expect_equal(x.permute(1, 0), x.t());
  expect_equal(x.t().reshape(-1), tensor({0, 3, 1, 4, 2, 5}));
  expect_equal(x.expand(2, -1, -1)[1], x);
  expect_error<ShapeError>([] { zeros(2, -1); },
                           "Trying to create tensor with negative dimension -1: [2, -1]");
}

}  // namespace
}  // namespace foundations
