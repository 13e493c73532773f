// The parts of tests of laws: each law is tried on random shapes, orders and views.
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

// Calls law(generator) for `count` seeds, 1, 2 and so on, each with a new generator, until one
// fails; the failure names its seed. With FIRST_SEED=17 in the environment you begin at 17, to see
// one case again or to try others.
void for_seeds(int count, const std::function<void(Generator& generator)>& law);

// Returns true if work(0), work(1) and so on return true, each called in its own thread, all at the
// same moment, again and again for some milliseconds. In that time the threads interrupt one
// another in the middle of their work, even on a single processor.
bool holds_at_once(int threads, const std::function<bool(int i)>& work);

// Sets the number of OpenMP threads, and restores the old number at the end of its scope.
class Threads {
 public:
  explicit Threads(int threads) : before_(max_threads()) { set_threads(threads); }
  ~Threads() { set_threads(before_); }
  Threads(const Threads&) = delete;

 private:
  int before_;
};

// Returns true once in `once_in` calls, on average.
inline bool chance(std::int64_t once_in, Generator& generator) {
  return generator.below(once_in) == 0;
}

// Returns a size from 0 to `most`, which is at least 2: sometimes 0, more often 1, mostly others.
std::int64_t random_size(std::int64_t most, Generator& generator);
Shape random_shape(std::int64_t rank, std::int64_t most, Generator& generator);

// Returns the dims 0 to rank - 1 in random order, for permute(). inverse() undoes an order.
IntList random_order(std::int64_t rank, Generator& generator);
IntList inverse(const IntList& order);

// Returns true if a and b are both contiguous and equal in shape and in every element. For loops in
// which expect_equal would take too long.
template <class T>
bool same(const TensorOf<T>& a, const TensorOf<T>& b) {
  return a.shape() == b.shape() && a.is_contiguous() && b.is_contiguous() &&
         std::equal(a.data(), a.data() + a.numel(), b.data());
}

// Returns the elements of x in a random layout: the dims in any order in memory, some with junk
// before, between and after their elements.
template <class T>
TensorOf<T> random_view(const TensorOf<T>& x, Generator& generator);

// Returns a random view of make(shape, generator); some dims are stretched from size 1.
template <class Make>
auto random_operand(const Shape& shape, Generator& generator, Make make) {
  Shape unstretched = shape;
  for (std::int64_t& size : unstretched) {
    if (chance(8, generator)) size = 1;
  }
  return random_view(make(unstretched, generator), generator).expand(shape);
}

}  // namespace foundations
