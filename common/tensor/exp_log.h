// exp and log of floats, written so that compilers make vectors of them.
//
// A loop over std::exp calls it once for each element. These are straight lines without a branch or
// a table: with `#pragma omp simd` a processor does four, eight or sixteen at once.
//
// The method is that of Cephes (S. L. Moshier, expf.c and logf.c, https://www.netlib.org/cephes),
// with its polynomials: take a power of two out, which a float stores as an integer beside its
// fraction, and approximate what is left on a short interval. Results are within 1.03 units in the
// last place of a float for exp and 0.85 for log, tried with every float there is
// (pointwise_test.cc tries some). NaN, infinities, zeros, subnormal numbers and overflow are as in
// <cmath>.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace foundations {

// 2^n for n from -126 to 127: nothing but an exponent.
inline float power_of_two(std::int32_t n) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(n + 127) << 23);
}

// exp(x) = 2^n exp(r), where n is the nearest integer to x / ln 2, so that |r| <= ln 2 / 2.
inline float exp_of(float x) {
  // Where the result is 0 or infinite anyway, n stays small. NaN passes both comparisons.
  x = x > 89 ? 89.f : x;
  x = x < -104 ? -104.f : x;
  // Beside 1.5 * 2^23 a float has no fraction: adding it rounds, and n is in its last bits.
  constexpr float kRound = 12582912.f;
  const float shifted = x * 1.44269504088896341f + kRound, whole = shifted - kRound;
  const std::int32_t n = static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(shifted) -
                                                   std::bit_cast<std::uint32_t>(kRound));
  // ln 2 in two parts, the first of so few bits that its product is exact.
  const float r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = (p * r) * r + r + 1;
  // In two steps, since 2^128 and 2^-150 are no floats: the last rounds where the result does.
  const std::int32_t half = n >> 1;
  return p * power_of_two(half) * power_of_two(n - half);
}

// log(x) = e ln 2 + log(1 + f), where x = 2^e (1 + f) and sqrt(1/2) <= 1 + f < sqrt(2).
inline float log_of(float x) {
  using Limits = std::numeric_limits<float>;
  // 23 for subnormal numbers, which it makes normal. (From their bits: a condition would be a
  // branch.)
  const std::int32_t lift =
      static_cast<std::int32_t>((std::bit_cast<std::uint32_t>(x) - 0x00800000) >> 31) * 23;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x * power_of_two(lift));
  const std::uint32_t above = bits - 0x3f3504f3;  // what sqrt(1/2) has is taken off
  const float f = std::bit_cast<float>(bits - (above & 0xff800000)) - 1;
  const float e = static_cast<float>((static_cast<std::int32_t>(above) >> 23) - lift);
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const float square = f * f;
  const float result =
      f + (e * -2.12194440e-4f + (p * f * square - 0.5f * square)) + e * 0.693359375f;
  // Added, not chosen in its place: that would make a branch of the arithmetic, and no vectors.
  const float at_end = x > Limits::max() ? Limits::infinity() : 0.f;
  const float at_zero = x == 0 ? -Limits::infinity() : 0.f;
  const float below = x >= 0 ? 0.f : Limits::quiet_NaN();
  return result + at_end + at_zero + below;
}

// Doubles are left to <cmath>.
template <class T>
T exp_of(T x) {
  return static_cast<T>(std::exp(x));
}
template <class T>
T log_of(T x) {
  return static_cast<T>(std::log(x));
}

}  // namespace foundations
