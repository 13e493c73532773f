// The operators against a loop over single elements, for every layout and kind of broadcast.
#include "common/tensor/ops.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "common/base/openmp.h"
#include "common/tensor/overlap.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// ---- Which types go together

// True if a and b can be operands of every one of these operators of <functional>.
template <class A, class B, class... Operators>
constexpr bool kAll = (std::is_invocable_v<Operators, A&, B&> && ...);
template <class A, class B>
concept CanAdd = kAll<A, B, std::plus<>, std::minus<>, std::multiplies<>>;
template <class A, class B>
concept CanDivide = kAll<A, B, std::divides<>>;
template <class A, class B>
concept CanCompare = kAll<A, B, std::equal_to<>, std::not_equal_to<>, std::less<>,
                          std::less_equal<>, std::greater<>, std::greater_equal<>>;
template <class A, class B>
concept CanUpdate = requires(A a, B b) {
  a += b;
  a -= b;
  a *= b;
};
template <class A, class B>
concept CanUpdateByDivision = requires(A a, B b) {
  a /= b;
};
template <class A, class B>
concept CanSelect = requires(BoolTensor condition, A a, B b) {
  where(condition, a, b);
};

static_assert(CanAdd<Tensor, Tensor> && CanAdd<Tensor, int> && CanAdd<int, Tensor>);
static_assert(CanAdd<Tensor, double> && CanAdd<DoubleTensor, float> && CanAdd<LongTensor, int>);
static_assert(!CanAdd<Tensor, DoubleTensor> && !CanAdd<LongTensor, Tensor>);
static_assert(!CanAdd<LongTensor, double> && !CanAdd<float, LongTensor>);
static_assert(!CanAdd<BoolTensor, BoolTensor> && !CanAdd<BoolTensor, bool>);
static_assert(!CanAdd<BoolTensor, LongTensor> && !CanAdd<LongTensor, bool>);
static_assert(CanDivide<Tensor, Tensor> && CanDivide<Tensor, int> && CanDivide<int, DoubleTensor>);
static_assert(!CanDivide<LongTensor, LongTensor> && !CanDivide<LongTensor, std::int64_t>);
static_assert(!CanDivide<int, LongTensor> && !CanDivide<Tensor, DoubleTensor>);
static_assert(CanCompare<Tensor, Tensor> && CanCompare<Tensor, int> && CanCompare<int, Tensor>);
static_assert(CanCompare<BoolTensor, BoolTensor> && CanCompare<BoolTensor, bool>);
static_assert(!CanCompare<Tensor, DoubleTensor> && !CanCompare<LongTensor, double>);
static_assert(!CanCompare<BoolTensor, int> && !CanCompare<BoolTensor, Tensor>);
static_assert(CanUpdate<Tensor, Tensor> && CanUpdate<Tensor, int> && CanUpdate<LongTensor, int>);
static_assert(!CanUpdate<Tensor, DoubleTensor> && !CanUpdate<BoolTensor, BoolTensor>);
static_assert(CanUpdateByDivision<Tensor, Tensor> && !CanUpdateByDivision<LongTensor, LongTensor>);
static_assert(CanSelect<Tensor, Tensor> && CanSelect<Tensor, int> && CanSelect<int, LongTensor>);
static_assert(CanSelect<BoolTensor, bool> && !CanSelect<Tensor, DoubleTensor>);
static_assert(!CanSelect<LongTensor, double> && !CanSelect<BoolTensor, int>);
static_assert(!std::is_invocable_v<std::negate<>, BoolTensor>);

// ---- The model

// The element of x that stands at `index` of the shape that x is stretched to.
template <class T>
T stretched(const TensorOf<T>& x, const IntList& index) {
  std::int64_t position = 0;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    if (x.shape()[d] > 1) position += index[index.size() - x.dim() + d] * x.strides()[d];
  }
  return x.data()[position];
}

template <class Out, class T, class F>
void expect_elements(const char* op, const TensorOf<Out>& got, const Shape& shape,
                     const TensorOf<T>& a, const TensorOf<T>& b, F f) {
  ASSERT_EQ(bracketed(got.shape()), bracketed(shape));
  for (std::int64_t i = 0; i < shape.numel(); ++i) {
    const IntList index = index_of(i, shape);
    const Out ours = stretched(got, index), want = f(stretched(a, index), stretched(b, index));
    ASSERT_TRUE(ours == want || (ours != ours && want != want))
        << bracketed(a.shape()) << " strides " << bracketed(a.strides()) << " " << op << " "
        << bracketed(b.shape()) << " strides " << bracketed(b.strides()) << " at "
        << bracketed(index) << ": got " << ours << ", want " << want;
  }
}

// Integers are worked out in 128 bits, of which the lower 64 are kept.
template <class T>
using Wide = std::conditional_t<std::same_as<T, std::int64_t>, unsigned __int128, T>;

template <class T>
void expect_operators(const TensorOf<T>& a, const TensorOf<T>& b, const Shape& shape) {
  const auto expect = [&](const char* op, const auto& got, auto f) {
    expect_elements(op, got, shape, a, b, f);
  };
  const auto wide = [](auto f) {
    return [f](T x, T y) { return static_cast<T>(f(Wide<T>(x), Wide<T>(y))); };
  };
  expect("==", a == b, std::equal_to<T>());
  expect("!=", a != b, std::not_equal_to<T>());
  expect("<", a < b, std::less<T>());
  expect("<=", a <= b, std::less_equal<T>());
  expect(">", a > b, std::greater<T>());
  expect(">=", a >= b, std::greater_equal<T>());
  if constexpr (Number<T>) {
    expect("+", a + b, wide(std::plus<Wide<T>>()));
    expect("-", a - b, wide(std::minus<Wide<T>>()));
    expect("*", a * b, wide(std::multiplies<Wide<T>>()));
    expect("+ -", a + -b, wide(std::minus<Wide<T>>()));
  }
  if constexpr (std::floating_point<T>) expect("/", a / b, std::divides<T>());
}

// (What double does is what float does.)
template <class T>
class Operators : public testing::Test {};
using Types = testing::Types<float, std::int64_t, bool>;
TYPED_TEST_SUITE(Operators, Types);

TYPED_TEST(Operators, OnEveryLayout) {
  Generator generator(1);
  for (const Shape& shape :
       {Shape{}, {0}, {33}, {3, 4}, {2, 0, 3}, {5, 1, 3}, {2, 1, 2, 1, 2, 1, 2, 2}}) {
    const auto some = every_layout(whole_numbers<TypeParam>(shape, generator));
    const auto others = every_layout(whole_numbers<TypeParam>(shape, generator));
    for (const auto& a : some) {
      for (const auto& b : others) expect_operators(a, b, shape);
      expect_operators(a, a, shape);
    }
  }
}

TYPED_TEST(Operators, Broadcast) {
  Generator generator(2);
  const struct {
    Shape a, b, result;
  } cases[] = {
      {{}, {0}, {0}},
      {{}, {2, 3}, {2, 3}},
      {{1}, {4}, {4}},
      {{3}, {2, 3}, {2, 3}},
      {{2, 1}, {1, 3}, {2, 3}},
      {{2, 1}, {2, 0}, {2, 0}},
      {{4, 1, 3}, {2, 1}, {4, 2, 3}},
      {{4, 1, 35}, {1, 2, 35}, {4, 2, 35}},
      {{2, 1, 2, 1, 2, 1, 2, 1}, {1, 2, 1, 2, 1, 2, 1, 2}, {2, 2, 2, 2, 2, 2, 2, 2}},
  };
  for (const auto& c : cases) {
    for (const auto& a : every_layout(whole_numbers<TypeParam>(c.a, generator))) {
      for (const auto& b : every_layout(whole_numbers<TypeParam>(c.b, generator))) {
        expect_operators(a, b, c.result);
        expect_operators(b, a, c.result);
        expect_operators(a.expand(c.result), b, c.result);
      }
    }
  }
}

// (shape_test.cc has more of them.)
TEST(Operator, RefusesShapesThatClash) {
  const Tensor a = zeros({2, 3}), b = zeros({2});
  const std::string text =
      "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension ";
  expect_error<ShapeError>([&] { a + b; }, text + "1");
  expect_error<ShapeError>([&] { return a < b; }, text + "1");
  expect_error<ShapeError>([&] { where(ones<bool>({}), a, b); }, text + "1");
  expect_error<ShapeError>([&] { where(ones<bool>({3}), b, 0); }, text + "0");
}

TYPED_TEST(Operators, TakeANumberOnEitherSide) {
  Generator generator(3);
  using T = TypeParam;
  const T three = static_cast<T>(3);
  const TensorOf<T> number = full<T>({}, three), a = whole_numbers<T>({3, 5}, generator, 4);
  expect_equal(a == three, a == number);
  expect_equal(three != a, number != a);
  expect_equal(a < three, a < number);
  expect_equal(three <= a, number <= a);
  if constexpr (Number<T>) {
    expect_equal(a + 3, a + number);
    expect_equal(3 - a, number - a);
    expect_equal(three * a, number * a);
  }
  if constexpr (std::floating_point<T>) expect_equal(3 / a.exp(), number / a.exp());
}

// ---- Values

TEST(Operator, IntegersWrapAround) {
  const LongTensor edges = long_tensor({kMinLong, kMinLong + 1, -1, 0, 1, 3037000500, kMaxLong});
  expect_operators(edges, edges.unsqueeze(1), {7, 7});
}

TEST(Operator, FloatsFollowIeee) {
  const Tensor edges = tensor({kNan, -kInf, kInf, 0.f, -0.f, 1.f, 3e38f, 1e-45f});
  expect_operators(edges, edges.unsqueeze(1), {8, 8});
  EXPECT_TRUE(std::signbit((-tensor({0}))(0)));
  EXPECT_FALSE(std::signbit((-tensor({-0.f}))(0)));
  expect_equal(tensor({kNan}) != kNan, bool_tensor({true}));
}

TEST(Operator, NumbersTakeTheTypeOfTheTensor) {
  expect_equal(tensor({0.1f}) == 0.1, bool_tensor({true}));
  expect_equal(double_tensor({0.1}) == 0.1f, bool_tensor({false}));
  expect_equal(tensor({1}) / 3, tensor({1.f / 3}));
  expect_equal(long_tensor({kMaxLong}) == kMaxLong - 1, bool_tensor({false}));
}

// ---- Memory

TEST(Operator, ResultsLieInMemoryAsTheirOperandsDo) {
  const Tensor a = zeros({2, 3, 4}), row = zeros({4});
  const auto strides = [](const auto& x) { return bracketed(x.strides()); };
  EXPECT_EQ(strides(a + a), "[12, 4, 1]");
  EXPECT_EQ(strides(a.permute({2, 0, 1}) + a.permute({2, 0, 1})), "[1, 12, 4]");
  EXPECT_EQ(strides(a.transpose(1, 2) * 2), "[12, 1, 4]");
  EXPECT_EQ(strides(2 - a.transpose(1, 2)), "[12, 1, 4]");
  EXPECT_EQ(strides(a.transpose(0, 1) + row), "[4, 12, 1]");
  const Tensor turned = a.transpose(1, 2);
  EXPECT_EQ(strides(where(turned > 0, turned, 0)), "[12, 1, 4]");
  EXPECT_EQ(strides(where(turned > 0, turned, zeros({2, 4, 3}))), "[12, 3, 1]");
  // Where the operands do not agree, or have gaps, the result is contiguous.
  EXPECT_EQ(strides(a.transpose(1, 2) + zeros({2, 4, 3})), "[12, 3, 1]");
  EXPECT_EQ(strides(a.slice(2, 0, 4, 2) + a.slice(2, 0, 4, 2)), "[6, 2, 1]");
  EXPECT_EQ(strides(row.expand({3, 4}) + row.expand({3, 4})), "[4, 1]");
  EXPECT_EQ(strides(row.unsqueeze(1) + row), "[4, 1]");
}

TEST(Operator, ResultsAreNewTensorsButStretchedOperandsAreNotCopied) {
  const Tensor row = ones({100}), column = ones({100, 1});
  const std::int64_t before = memory_allocated();
  reset_peak_memory_stats();
  const Tensor sum = row.expand({100, 100}) + column.expand({100, 100});
  EXPECT_EQ(max_memory_allocated() - before, 100 * 100 * 4);  // the sum, nothing else
  EXPECT_NE((row + 0).data(), row.data());
}

// Of sizes that all threads share, in few long rows and in many short ones.
TYPED_TEST(Operators, OnThreadsAreThoseOfOneThread) {
  using T = TypeParam;
  const int before = max_threads();
  Generator generator(5);
  for (const Shape& shape : {Shape{160'001}, {3, 60'001}, {60'001, 3}, {7, 5, 5001}}) {
    const auto layouts = every_layout(whole_numbers<T>(shape, generator));
    for (const auto& a : {layouts.front(), layouts.back()}) {
      const auto b = whole_numbers<T>(Shape{shape[shape.size() - 1]}, generator);
      const auto all = [&] {
        const auto copy = empty<T>(shape).fill_(T{1});
        copy.slice(0, 1).copy_(a.slice(0, 1));
        auto results = std::vector{(a < b).template to<T>(), where(a == b, a, b), a.clone(), copy};
        if constexpr (Number<T>) results.push_back(a * b);
        if constexpr (std::floating_point<T>) results.push_back((a * 0.5f).exp());
        return results;
      };
      set_threads(1);
      const auto want = all();
      set_threads(4);
      const auto got = all();
      for (std::size_t i = 0; i < want.size(); ++i) {
        SCOPED_TRACE("operation " + std::to_string(i) + " on " + bracketed(shape));
        expect_equal(got[i], want[i]);
      }
    }
  }
  set_threads(before);
}

// ---- where

TYPED_TEST(Operators, Where) {
  using T = TypeParam;
  Generator generator(4);
  const Shape shape = {2, 3, 5};
  for (const auto& a : every_layout(whole_numbers<T>({3, 5}, generator))) {
    for (const auto& b : every_layout(whole_numbers<T>({2, 3, 1}, generator))) {
      for (const auto& c : every_layout(whole_numbers<bool>({2, 1, 5}, generator))) {
        const TensorOf<T> got = where(c, a, b);
        ASSERT_EQ(bracketed(got.shape()), bracketed(shape));
        for (std::int64_t i = 0; i < shape.numel(); ++i) {
          const IntList index = index_of(i, shape);
          ASSERT_EQ(stretched(got, index), stretched(stretched(c, index) ? a : b, index));
        }
      }
    }
  }
  const BoolTensor condition = bool_tensor({true, false});
  expect_equal(where(condition, T{1}, zeros<T>({})), condition.to<T>());
  expect_equal(where(condition, zeros<T>({2}), T{1}), (condition == false).template to<T>());
  expect_equal(where(condition, tensor({1, kNan}), tensor({kInf, 2})), tensor({1, 2}));
}

// ---- What may be written

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

// ---- In place: what is written, and that a refusal writes nothing

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
