// What tests of laws are made of: a law, held to random shapes, orders and views.
//
//   for_seeds(100, [](Generator& generator) {
//     const Tensor x = random_view(randn(random_shape(2, 9, generator), generator), generator);
//     expect_equal(x.t().t(), x);
//   });
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>

#include "common/base/openmp.h"
#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations {

// Calls law(generator) for so many seeds, 1, 2 and so on, each with a generator of its own, until
// one fails; the failure names its seed. With FIRST_SEED=17 in the environment the first is 17: to
// see one case again, or others than those of every day.
void for_seeds(int count, const std::function<void(Generator& generator)>& law);

// Whether work(0), work(1) and so on, each called in a thread of its own, all at the same moment,
// return true, time and again for some milliseconds. That is long enough for the threads to be
// stopped in the middle of their work by one another, even on a single processor.
bool holds_at_once(int threads, const std::function<bool(int i)>& work);

// As many OpenMP threads as it says; at the end of its scope as many as before.
class Threads {
 public:
  explicit Threads(int threads) : before_(max_threads()) { set_threads(threads); }
  ~Threads() { set_threads(before_); }
  Threads(const Threads&) = delete;

 private:
  int before_;
};

// Whether something happens that does so `once_in` times, on average.
inline bool chance(std::int64_t once_in, Generator& generator) {
  return generator.below(once_in) == 0;
}

// From 0 to most, which is 2 at least; 0 now and then, 1 more often, others mostly.
std::int64_t random_size(std::int64_t most, Generator& generator);
Shape random_shape(std::int64_t rank, std::int64_t most, Generator& generator);

// The dims 0 to rank - 1 in random order, for permute(); and the order that undoes one.
IntList random_order(std::int64_t rank, Generator& generator);
IntList inverse(const IntList& order);

// Equal in shape and in every element, both in row-major order. Where a call of expect_equal would
// take too long.
template <class T>
bool same(const TensorOf<T>& a, const TensorOf<T>& b) {
  return a.shape() == b.shape() && a.is_contiguous() && b.is_contiguous() &&
         std::equal(a.data(), a.data() + a.numel(), b.data());
}

// The elements of x in a random layout: the dims in any order in memory, some with junk before,
// between and behind their elements.
template <class T>
TensorOf<T> random_view(const TensorOf<T>& x, Generator& generator);

// A view of this shape of make(shape, generator), some of whose dims are stretched from size 1.
template <class Make>
auto random_operand(const Shape& shape, Generator& generator, Make make) {
  Shape unstretched = shape;
  for (std::int64_t& size : unstretched) {
    if (chance(8, generator)) size = 1;
  }
  return random_view(make(unstretched, generator), generator).expand(shape);
}

}  // namespace foundations
