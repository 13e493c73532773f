// How near exp_of() and log_of() come, and that their special values are those of <cmath>.
#include "common/tensor/exp_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "common/tensor/tensor.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

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
