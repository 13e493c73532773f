#include "common/tensor/random.h"

#include <cmath>
#include <string>
#include <utility>

namespace foundations {

// Draws again for the lowest 2^64 mod bound values, so that no number is favoured.
std::int64_t Generator::below(std::int64_t bound) {
  const std::uint64_t range = static_cast<std::uint64_t>(bound);
  const std::uint64_t over = -range % range;  // 2^64 mod range
  std::uint64_t drawn = bits();
  while (drawn < over) drawn = bits();
  return static_cast<std::int64_t>(drawn % range);
}

// Uses Marsaglia and Bray's polar method: a random point in the unit circle gives two normal
// numbers.
double Generator::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  double x, y, square;
  do {
    x = 2 * uniform() - 1;
    y = 2 * uniform() - 1;
    square = std::fma(x, x, y * y);  // spelled out: otherwise some compilers use fma, some do not
  } while (square >= 1 || square == 0);
  const double factor = std::sqrt(-2 * std::log(square) / square);
  spare_normal_ = y * factor;
  has_spare_ = true;
  return x * factor;
}

namespace {

template <class T, class Draw>
TensorOf<T> filled(const Shape& shape, Draw draw) {
  const TensorOf<T> result = empty<T>(shape);
  for (std::int64_t i = 0; i < result.numel(); ++i) result.data()[i] = draw();
  return result;
}

}  // namespace

// Draws as many random bits as T has, so that rounding cannot reach 1.
template <class T>
TensorOf<T> rand(const Shape& shape, Generator& generator) {
  constexpr int kBits = std::numeric_limits<T>::digits;
  const T unit = std::ldexp(T{1}, -kBits);
  return filled<T>(shape, [&] { return static_cast<T>(generator.bits() >> (64 - kBits)) * unit; });
}

template <class T>
TensorOf<T> randn(const Shape& shape, Generator& generator) {
  return filled<T>(shape, [&] { return static_cast<T>(generator.normal()); });
}

LongTensor randint(std::int64_t low, std::int64_t high, const Shape& shape, Generator& generator) {
  std::int64_t range = 0;
  if (low >= high || __builtin_sub_overflow(high, low, &range)) {
    throw ShapeError("randint() needs low < high, and less than 2^63 between them, but got " +
                     std::to_string(low) + " and " + std::to_string(high));
  }
  return filled<std::int64_t>(shape, [&] { return low + generator.below(range); });
}

LongTensor randperm(std::int64_t n, Generator& generator) {
  if (n < 0) throw ShapeError("randperm() needs n >= 0, but got " + std::to_string(n));
  const LongTensor order = arange(n);
  for (std::int64_t i = n - 1; i > 0; --i) std::swap(order(i), order(generator.below(i + 1)));
  return order;
}

template Tensor rand(const Shape&, Generator&);
template DoubleTensor rand(const Shape&, Generator&);
template Tensor randn(const Shape&, Generator&);
template DoubleTensor randn(const Shape&, Generator&);

}  // namespace foundations
