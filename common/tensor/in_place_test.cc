// += -= *= /=: what they write, what they refuse, and that a refusal writes nothing.
#include <gtest/gtest.h>

#include "common/tensor/ops.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

Tensor counting(const Shape& shape) { return arange(1.f, shape.numel() + 1.f).view(shape); }

template <class T>
class InPlace : public testing::Test {};
using Numbers = testing::Types<float, std::int64_t>;
TYPED_TEST_SUITE(InPlace, Numbers);

// The operators that make new tensors have tests of their own: here they are the model.
TYPED_TEST(InPlace, WritesWhatTheOperatorGives) {
  using T = TypeParam;
  Generator generator(1);
  const Shape shape = {2, 5, 3};
  const TensorOf<T> start = whole_numbers<T>(shape, generator);
  for (const Shape& other_shape : {shape, Shape{}, Shape{3}, Shape{5, 1}, Shape{2, 1, 1}}) {
    for (const auto& b : every_layout(whole_numbers<T>(other_shape, generator))) {
      const TensorOf<T> divisor = b * b + 1;
      for (const auto& a : every_layout(start)) {
        const TensorOf<T> before = a.clone();
        expect_equal(a += b, before + b);
        expect_equal(a -= b, before);
        expect_equal(a *= b, before * b);
        if constexpr (std::floating_point<T>) expect_equal(a /= divisor, before * b / divisor);
        a.copy_(before);
      }
    }
  }
  for (const auto& a : every_layout(start)) {
    const TensorOf<T> before = a.clone();
    expect_equal(a += 2, before + 2);
    expect_equal(a -= 3, before - 1);
    expect_equal(a *= 4, (before - 1) * 4);
    if constexpr (std::floating_point<T>) expect_equal(a /= 8, (before - 1) / 2);
  }
}

TEST(InPlace, WritesThroughViewsAndNothingElse) {
  const Tensor m = counting({2, 3});
  m[0] += 10;
  m.index({Slice(), 1}) *= tensor({2, 3});
  m.slice(1, 0, 3, 2).t() -= tensor({1, 2});  // column by column
  expect_equal(m, tensor({{10, 24, 12}, {2, 15, 4}}));
  EXPECT_EQ((m += 1).data(), m.data());
}

TEST(InPlace, IntegersWrapAround) {
  const LongTensor x = long_tensor({kMaxLong});
  expect_equal(x += 1, long_tensor({kMinLong}));
}

// ---- Operands that share memory

TEST(InPlace, TakesTheSameElementsAsBothSides) {
  const Tensor x = counting({3, 3});
  x += x;
  x.t() += x.t();
  x.slice(0, 1) *= x.slice(0, 1);
  expect_equal(x, tensor({{4, 8, 12}, {256, 400, 576}, {784, 1024, 1296}}));
}

TEST(InPlace, TakesElementsThatLieBetweenEachOther) {
  const Tensor x = counting({3, 2});
  x.select(1, 0) += x.select(1, 1);
  x.select(0, 0) += x.select(0, 2);
  expect_equal(x, tensor({{14, 8}, {7, 4}, {11, 6}}));
}

TEST(InPlace, RefusesAPartialOverlap) {
  const Tensor x = counting({3, 3}), before = x.clone();
  expect_error<ShapeError>([&] { x += x.t(); }, kPartialOverlap);
  expect_error<ShapeError>([&] { x.slice(0, 1) += x.slice(0, 0, -1); }, kPartialOverlap);
  expect_error<ShapeError>([&] { x.slice(0, 0, -1) -= x.slice(0, 1); }, kPartialOverlap);
  expect_error<ShapeError>([&] { x *= x[0]; }, kPartialOverlap);
  expect_error<ShapeError>([&] { x /= x.slice(1, 1, 2); }, kPartialOverlap);
  expect_error<ShapeError>([&] { x[1] += x.index({1, 1}); }, kPartialOverlap);
  expect_equal(x, before);
}

TEST(InPlace, RefusesAnExpandedDestination) {
  const Tensor row = counting({3});
  expect_error<ShapeError>([&] { row.expand({2, 3}) += ones({2, 3}); }, kWrittenTwice);
  expect_error<ShapeError>([&] { row.expand({2, 3}) *= 2; }, kWrittenTwice);
  expect_error<ShapeError>([&] { row.as_strided({2, 2}, {1, 1}) -= 1; }, kWrittenTwice);
  expect_equal(row, counting({3}));
  row.expand({1, 3}) += 1;
  expect_equal(row, tensor({2, 3, 4}));
}

TEST(InPlace, RefusesToGrow) {
  const Tensor row = counting({3}), empty_row = zeros({1});
  const auto refuses = [&](const Shape& shape) {
    expect_error<ShapeError>(
        [&] { row += ones(shape); },
        "output with shape [3] doesn't match the broadcast shape " + bracketed(shape));
  };
  refuses({2, 3});
  refuses({1, 3});
  expect_error<ShapeError>([&] { empty_row -= ones({4}); },
                           "output with shape [1] doesn't match the broadcast shape [4]");
  expect_error<ShapeError>([&] { empty_row += ones({0}); },
                           "output with shape [1] doesn't match the broadcast shape [0]");
  expect_error<ShapeError>([&] { row /= ones({2}); },
                           "The size of tensor a (3) must match the size of tensor b (2) at "
                           "non-singleton dimension 0");
  expect_equal(row, counting({3}));
  expect_equal(empty_row, zeros({1}));
}

}  // namespace
}  // namespace foundations
