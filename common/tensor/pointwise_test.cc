// abs, pow, clamp_min, clamp_max, sqrt, exp, log; and how near exp_of() and log_of() come.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "common/tensor/exp_log.h"
#include "common/tensor/ops.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

template <class T>
class Pointwise : public testing::Test {};
using Numbers = testing::Types<float, std::int64_t>;
TYPED_TEST_SUITE(Pointwise, Numbers);

// Fails unless got[i] is near f(x[i]), and is laid out as x, where x fills its memory.
template <class T, class F>
void expect_map(const TensorOf<T>& got, const TensorOf<T>& x, F f) {
  const TensorOf<T> want = x.clone();
  for (std::int64_t i = 0; i < want.numel(); ++i) want.data()[i] = f(want.data()[i]);
  if constexpr (std::floating_point<T>) {
    expect_close(got, want, 4 * std::numeric_limits<T>::epsilon(), 0, /*equal_nan=*/true);
  } else {
    expect_equal(got, want);
  }
  EXPECT_EQ(bracketed(got.strides()), bracketed(want.strides()));
}

TYPED_TEST(Pointwise, OnEveryLayout) {
  using T = TypeParam;
  Generator generator(1);
  for (const Shape& shape : {Shape{}, Shape{0}, Shape{3, 5}, Shape{2, 0}, Shape{2, 3, 35},
                             Shape{2, 1, 2, 1, 2, 1, 2, 2}}) {
    for (const auto& x : every_layout(whole_numbers<T>(shape, generator))) {
      expect_map(x.abs(), x, [](T v) { return v < 0 ? -v : v; });
      expect_map(x.pow(0), x, [](T) { return T{1}; });
      expect_map(x.pow(1), x, [](T v) { return v; });
      expect_map(x.pow(2), x, [](T v) { return v * v; });
      expect_map(x.pow(3), x, [](T v) { return v * v * v; });
      expect_map(x.pow(10), x, [](T v) { return v * v * v * v * v * v * v * v * v * v; });
      expect_map(x.clamp_min(-2), x, [](T v) { return v < -2 ? -2 : v; });
      expect_map(x.clamp_max(5), x, [](T v) { return v > 5 ? 5 : v; });
      if constexpr (std::floating_point<T>) {
        expect_map(x.sqrt(), x, [](T v) { return std::sqrt(v); });
        expect_map(x.exp(), x, [](T v) { return std::exp(v); });
        expect_map(x.log(), x, [](T v) { return std::log(v); });
        expect_map(x.pow(0.5), x, [](T v) { return std::pow(v, T{0.5}); });
        expect_map(x.pow(-1), x, [](T v) { return 1 / v; });
      }
    }
  }
  const auto row = whole_numbers<T>({3}, generator);
  expect_equal(row.expand({2, 3}).pow(3), row.pow(3).expand({2, 3}));
}

template <class T>
concept HasNumberFunctions = requires(T x) {
  x.abs();
  x.pow(2);
  x.clamp_min(0);
  x.clamp_max(0);
};
template <class T>
concept HasFloatFunctions = requires(T x) {
  x.sqrt();
  x.exp();
  x.log();
};
static_assert(HasNumberFunctions<LongTensor> && !HasNumberFunctions<BoolTensor>);
static_assert(HasFloatFunctions<DoubleTensor> && !HasFloatFunctions<LongTensor>);

TEST(Abs, AtTheEdges) {
  expect_close(tensor({-kInf, kNan, -2}).abs(), tensor({kInf, kNan, 2}), 0, 0, true);
  EXPECT_FALSE(std::signbit(tensor({-0.f}).abs()(0)));
  // The one integer that has no counterpart stays, as in PyTorch.
  expect_equal(long_tensor({kMinLong, kMinLong + 1}).abs(), long_tensor({kMinLong, kMaxLong}));
}

TEST(Pow, OfIntegersWrapsAround) {
  expect_equal(long_tensor({2, -2, 3}).pow(62),
               long_tensor({std::int64_t{1} << 62, std::int64_t{1} << 62, 5069619362125685561}));
  expect_equal(long_tensor({2, -2, 1, -1, 0}).pow(63), long_tensor({kMinLong, kMinLong, 1, -1, 0}));
  expect_equal(long_tensor({kMaxLong}).pow(2), long_tensor({1}));
  expect_equal(long_tensor({-1, 2}).pow(kMaxLong), long_tensor({-1, 0}));
  expect_error<TypeError>([] { long_tensor({1}).pow(-1); },
                          "Integers to negative integer powers are not allowed.");
}

TEST(Pow, OfFloatsFollowsIeee) {
  expect_close(tensor({kNan, -8, 0, -0.f}).pow(0), tensor({1, 1, 1, 1}), 0, 0);
  expect_close(tensor({-8, 4}).pow(0.5), tensor({kNan, 2}), 1e-6, 0, true);
  expect_close(tensor({0, -0.f, 2}).pow(-1), tensor({kInf, -kInf, 0.5}), 1e-6, 0);
  expect_close(tensor({kInf, -kInf, 1e30f}).pow(2), tensor({kInf, kInf, kInf}), 0, 0);
}

TEST(Clamp, AtTheEdges) {
  const Tensor x = tensor({kNan, -kInf, kInf, -1, 0});
  expect_close(x.clamp_min(0), tensor({kNan, 0, kInf, 0, 0}), 0, 0, true);
  expect_close(x.clamp_max(0), tensor({kNan, -kInf, 0, -1, 0}), 0, 0, true);
  expect_close(x.clamp_min(kNan), full({5}, kNan), 0, 0, true);
  expect_close(x.clamp_max(kNan), full({5}, kNan), 0, 0, true);
  const LongTensor y = long_tensor({kMinLong, 0, kMaxLong});
  expect_equal(y.clamp_min(kMinLong), y);
  expect_equal(y.clamp_max(kMinLong), full<std::int64_t>({3}, kMinLong));
  expect_equal(y.clamp_min(kMaxLong), full<std::int64_t>({3}, kMaxLong));
}

TEST(SqrtAndExp, AtTheEdges) {
  expect_close(tensor({-1, kNan, kInf, 4, 0}).sqrt(), tensor({kNan, kNan, kInf, 2, 0}), 0, 0, true);
  EXPECT_TRUE(std::signbit(tensor({-0.f}).sqrt()(0)));
  expect_close(double_tensor({1}).exp(), double_tensor({2.718281828459045}), 1e-15, 0);
}

// ---- exp_log.h ---------------------------------------------------------------------------------

// How far off `got` is, in units in the last place of the float nearest to `want`. Where float or
// double stand at infinity, both must; where they are NaN, both must be.
double error_in_ulps(float got, double want) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : HUGE_VAL;
  const float nearest = static_cast<float>(want);
  if (std::isinf(nearest) || std::isinf(got)) return got == nearest ? 0 : HUGE_VAL;
  int exponent = 0;
  std::frexp(want, &exponent);
  return std::abs(got - want) / std::ldexp(1., std::max(exponent - 24, -149));
}

using FloatFunction = float(float);
using DoubleFunction = double(double);

// The largest error among floats of all kinds and signs, each kStride-th of the 2^32 there are.
double largest_error(FloatFunction* ours, DoubleFunction* exact) {
  constexpr std::uint64_t kStride = 1511;  // a prime, so that all last bits come up
  double largest = 0;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += kStride) {
    const float x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    const double error = error_in_ulps(ours(x), exact(x));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

// Of all floats: 1.0231 for exp and 0.8434 for log, with multiply-adds.
TEST(ExpLog, AreWithinTheirBounds) {
  EXPECT_LE(largest_error(exp_of, std::exp), 1.03);
  EXPECT_LE(largest_error(log_of, std::log), 0.85);
}

TEST(ExpLog, AtTheEdges) {
  const float last = 0x1.62e42ep6f,
              least_normal = -0x1.5d589ep6f;  // exp neither over- nor underflows
  for (const float x :
       {last, std::nextafter(last, kInf), 89.f, 3e38f, kInf, least_normal, -103.f, -103.9f, -104.f,
        -105.f, -3e38f, -kInf, 0.f, -0.f, 1e-40f, -1e-40f, kNan, -kNan}) {
    EXPECT_LE(error_in_ulps(exp_of(x), std::exp(double{x})), 1.03) << x;
  }
  for (const float x : {0.f, -0.f, 0x1p-149f, 0x1.fffffcp-127f, 0x1p-126f, 1.f, 0x1.fffffep127f,
                        kInf, -0x1p-149f, -1.f, -kInf, kNan, -kNan}) {
    EXPECT_LE(error_in_ulps(log_of(x), std::log(double{x})), 0.85) << x;
  }
  EXPECT_EQ(exp_of(0), 1);
  EXPECT_EQ(log_of(1), 0);
  EXPECT_FALSE(std::signbit(log_of(1)));
}

// The loop of vectors gives what a single element gets.
TEST(ExpLog, OfATensorAreThoseOfItsElements) {
  const Tensor x = arange(-40.f, 40.f, 0.37f);
  const Tensor exp = x.exp(), log = exp.log();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    EXPECT_LE(error_in_ulps(exp(i), std::exp(double{x(i)})), 1.03);
    EXPECT_LE(error_in_ulps(log(i), std::log(double{exp(i)})), 0.85);
  }
}

}  // namespace
}  // namespace foundations
