// Random tensors. The generator is always passed in: there is no hidden global one, so a program
// that makes its own from a seed gives the same numbers on every run, machine and compiler. (Only
// randn leans on the C library, for one logarithm: its last bit may differ from one to another.)
//
//   Generator generator(42);
//   Tensor w1 = randn({784, 50}, generator);
#pragma once

#include <cstdint>
#include <random>

#include "common/tensor/tensor.h"

namespace foundations {

// A stream of random bits: the 64-bit Mersenne Twister of the C++ standard, which fixes its output.
// (The standard does not fix that of its distributions, so those below are our own.)
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  // Uniform on [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  // Uniform on 0, 1, ..., bound - 1. bound must be positive.
  std::int64_t below(std::int64_t bound);
  // Standard normal: mean 0, variance 1.
  double normal();

 private:
  std::mt19937_64 engine_;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

// Uniform on [0, 1). T is float or double.
template <class T = float>
TensorOf<T> rand(const Shape& shape, Generator& generator);

// Standard normal. T is float or double.
template <class T = float>
TensorOf<T> randn(const Shape& shape, Generator& generator);

// Integers from low to high - 1. Throws ShapeError when there are none.
LongTensor randint(std::int64_t low, std::int64_t high, const Shape& shape, Generator& generator);

// The numbers 0 to n - 1 in random order. Throws ShapeError for a negative n.
LongTensor randperm(std::int64_t n, Generator& generator);

}  // namespace foundations
