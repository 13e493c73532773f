// The operations of ops.h on one element, as the language has them.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "common/tensor/ops.h"

namespace foundations {

// Values worth calculating with, of which a storage holds one kind at each place.
template <class T>
T element(std::int64_t place, std::uint8_t seed) {
  const std::size_t choice = (static_cast<std::size_t>(place) * 7 + seed) % 16;
  using Limits = std::numeric_limits<T>;
  if constexpr (std::floating_point<T>) {
    constexpr T inf = Limits::infinity(), nan = Limits::quiet_NaN(), max = Limits::max();
    constexpr std::array<T, 16> pool = {
        0, -0.0, 1, -1, 0.5f, 3, -7, 1e30f, -2.5, inf, nan, -inf, max, max, Limits::min(), 0.1f};
    return pool[choice];
  } else if constexpr (std::same_as<T, bool>) {
    return choice % 3 == 0;
  } else {
    constexpr std::array<T, 16> pool = {0, 1,  -1, 2,   3,     -7, Limits::max(), Limits::min(),
                                        5, 10, 11, 100, -1000, 4,  1LL << 32,     -3};
    return pool[choice];
  }
}

// Whether the values are the same bit by bit, all NaN being one.
template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if constexpr (std::floating_point<T>) {
      if (std::isnan(a[i]) && std::isnan(b[i])) continue;
      if (std::signbit(a[i]) != std::signbit(b[i])) return false;
    }
    if (a[i] != b[i]) return false;
  }
  return true;
}

template <class T>
T calculate(Arithmetic op, T a, T b) {
  if constexpr (std::integral<T>) {
    const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
    return static_cast<T>(op == Arithmetic::kAdd        ? x + y
                          : op == Arithmetic::kSubtract ? x - y
                                                        : x * y);
  } else {
    return op == Arithmetic::kAdd        ? a + b
           : op == Arithmetic::kSubtract ? a - b
           : op == Arithmetic::kMultiply ? a * b
                                         : a / b;
  }
}

template <class T>
bool decide(Comparison op, T a, T b) {
  switch (op) {
    case Comparison::kEqual:
      return a == b;
    case Comparison::kNotEqual:
      return a != b;
    case Comparison::kLess:
      return a < b;
    case Comparison::kLessEqual:
      return a <= b;
    case Comparison::kGreater:
      return a > b;
    default:
      return a >= b;
  }
}

}  // namespace foundations
