// += -= *= /=: what they write, what they refuse, and that a refusal writes nothing. Before them,
// overlap.h, which says what is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>

#include "common/tensor/ops.h"
#include "common/tensor/overlap.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// ---- Which layouts overlap ---------------------------------------------------------------------

// Layouts with few elements close together, so that about as many overlap as do not.
Layout random_layout(std::mt19937_64& engine) {
  Layout layout;
  layout.offset = static_cast<std::int64_t>(engine() % 8);
  for (int rank = static_cast<int>(engine() % 4); rank > 0; --rank) {
    layout.shape.push_back(static_cast<std::int64_t>(engine() % 5));
    layout.strides.push_back(static_cast<std::int64_t>(engine() % 10) - 2);
  }
  return layout;
}

// The elements of storage that a layout reaches, counted the slow way.
std::set<std::int64_t> elements_of(const Layout& layout) {
  if (layout.dim() == 0) return {layout.offset};
  std::set<std::int64_t> elements;
  for (std::int64_t i = 0; i < layout.shape[0]; ++i)
    elements.merge(elements_of(layout.select(0, i)));
  return elements;
}

std::string text_of(const Layout& layout) {
  return bracketed(layout.shape) + " by " + bracketed(layout.strides) + " at " +
         std::to_string(layout.offset);
}

TEST(Overlap, AgreesWithCounting) {
  std::mt19937_64 engine(1);
  int overlapping = 0, dense = 0, apart = 0, together = 0;
  for (int i = 0; i < 20000; ++i) {
    const Layout a = random_layout(engine), b = random_layout(engine);
    const std::set<std::int64_t> in_a = elements_of(a), in_b = elements_of(b);
    const std::int64_t distinct = static_cast<std::int64_t>(in_a.size());
    const bool repeats = distinct < a.shape.numel();
    const bool gaps = distinct > 0 && *in_a.rbegin() - *in_a.begin() + 1 > distinct;
    const bool shared =
        std::any_of(in_a.begin(), in_a.end(), [&](std::int64_t p) { return in_b.count(p) > 0; });
    ASSERT_EQ(overlaps_itself(a), repeats) << text_of(a);
    ASSERT_EQ(is_dense(a), !repeats && !gaps) << text_of(a);
    ASSERT_EQ(overlap(a, b), shared) << text_of(a) << " and " << text_of(b);
    overlapping += repeats;
    dense += !repeats && !gaps && distinct > 2;
    ++(shared ? together : apart);
  }
  for (const int seen : {overlapping, 10 * dense, apart, together}) EXPECT_GT(seen, 1000);
}

TEST(Overlap, IsRefusedInPyTorchsWords) {
  const Layout square = Layout::contiguous({3, 3}), row = square.select(0, 0);
  check_written_once(square);
  check_written_once(square.transpose(0, 1));
  const Layout stretched = row.expand({3, 3});
  expect_error<ShapeError>([&] { check_written_once(stretched); }, kWrittenTwice);
  check_no_partial_overlap(square, square);
  check_no_partial_overlap(row, square.select(0, 1));
  check_no_partial_overlap(square.select(1, 0), square.select(1, 1));  // interleaved columns
  for (const Layout& in : {square.transpose(0, 1), stretched}) {
    expect_error<ShapeError>([&] { check_no_partial_overlap(square, in); }, kPartialOverlap);
  }
  // One element and the same one: strides that are never used do not matter.
  check_no_partial_overlap({{1}, {1}, 4}, {{1}, {7}, 4});
}

// ---- The operators -----------------------------------------------------------------------------

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
  expect_equal(long_tensor({kMaxLong}) += 1, long_tensor({kMinLong}));
}

// ---- Operands that share memory

TEST(InPlace, TakesTheSameElementsAndOthersOfTheSameMemory) {
  const Tensor x = counting({3, 3});
  x += x;
  x.t() += x.t();
  x.slice(0, 1) *= x.slice(0, 1);
  expect_equal(x, tensor({{4, 8, 12}, {256, 400, 576}, {784, 1024, 1296}}));
  const Tensor y = counting({3, 2});
  y.select(1, 0) += y.select(1, 1);  // between each other
  expect_equal(y, tensor({{3, 2}, {7, 4}, {11, 6}}));
}

TEST(InPlace, RefusesAPartialOverlapAndAnExpandedDestination) {
  const Tensor x = counting({3, 3}), before = x.clone();
  expect_error<ShapeError>([&] { x += x.t(); }, kPartialOverlap);
  expect_error<ShapeError>([&] { x.slice(0, 1) += x.slice(0, 0, -1); }, kPartialOverlap);
  expect_error<ShapeError>([&] { x *= x[0]; }, kPartialOverlap);
  expect_error<ShapeError>([&] { x /= x.slice(1, 1, 2); }, kPartialOverlap);
  expect_error<ShapeError>([&] { x[1] += x.index({1, 1}); }, kPartialOverlap);
  expect_equal(x, before);

  const Tensor row = counting({3});
  expect_error<ShapeError>([&] { row.expand({2, 3}) += ones({2, 3}); }, kWrittenTwice);
  expect_error<ShapeError>([&] { row.expand({2, 3}) *= 2; }, kWrittenTwice);
  expect_equal(row, counting({3}));
  row.expand({1, 3}) += 1;
  expect_equal(row, tensor({2, 3, 4}));
}

TEST(InPlace, RefusesToGrow) {
  const Tensor row = counting({3}), one = zeros({1});
  expect_error<ShapeError>(
      [&] {
        row += ones({1, 3});
      },
      "output with shape [3] doesn't match the broadcast shape [1, 3]");
  expect_error<ShapeError>([&] { one += ones({0}); },
                           "output with shape [1] doesn't match the broadcast shape [0]");
  expect_error<ShapeError>([&] { row /= ones({2}); },
                           "The size of tensor a (3) must match the size of tensor b (2) at "
                           "non-singleton dimension 0");
  expect_equal(row, counting({3}));
  expect_equal(one, zeros({1}));
}

}  // namespace
}  // namespace foundations
