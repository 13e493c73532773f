// Random tensors. You always pass the generator: there is no hidden global generator. So a program
// that seeds its own gives the same numbers on every run, machine and compiler. (Only randn uses
// the C library, for one logarithm, whose last bit may differ from one library to another.)
//
//   Generator generator(42);
//   Tensor w1 = randn({784, 50}, generator);
#pragma once

#include <cstdint>
#include <random>

#include "common/tensor/tensor.h"

namespace foundations {

// A stream of random bits: the 64-bit Mersenne Twister of the C++ standard, which fixes its output.
// (The standard does not fix the output of its distributions, so the distributions are our own.)
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  // Returns a number uniform on [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  // Returns a number uniform on 0, 1, ..., bound - 1. bound must be positive.
  std::int64_t below(std::int64_t bound);
  // Returns a standard normal number: mean 0, variance 1.
  double normal();

 private:
  std::mt19937_64 engine_;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

// Returns numbers uniform on [0, 1). T is float or double.
template <class T = float>
TensorOf<T> rand(const Shape& shape, Generator& generator);

// Returns standard normal numbers. T is float or double.
template <class T = float>
TensorOf<T> randn(const Shape& shape, Generator& generator);

// Returns integers from low to high - 1. Throws ShapeError unless low < high.
LongTensor randint(std::int64_t low, std::int64_t high, const Shape& shape, Generator& generator);

// Returns the numbers 0 to n - 1 in random order. Throws ShapeError for a negative n.
LongTensor randperm(std::int64_t n, Generator& generator);

}  // namespace foundations
