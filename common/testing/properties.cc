#include "common/testing/properties.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "common/testing/test_layouts.h"

// Returns what the leak checker ignores: Clang's OpenMP never frees some of its notes on the
// threads that call it. (If our own code leaks inside these threads, the GCC build finds it.)
extern "C" const char* __lsan_default_suppressions() { return "leak:libomp.so"; }

namespace foundations {

void for_seeds(int count, const std::function<void(Generator& generator)>& law) {
  const char* const text = std::getenv("FIRST_SEED");
  const std::uint64_t first = text ? std::strtoull(text, nullptr, 10) : 1;
  for (int i = 0; i < count && !testing::Test::HasFailure(); ++i) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generator(seed);
    law(generator);
  }
}

bool holds_at_once(int threads, const std::function<bool(int i)>& work) {
  using Clock = std::chrono::steady_clock;
  std::atomic<bool> holds = true;
  std::latch start(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      start.arrive_and_wait();
      const Clock::time_point end = Clock::now() + std::chrono::milliseconds(20);
      do {
        if (!work(i)) holds = false;
      } while (holds && Clock::now() < end);
    });
  }
  for (std::thread& thread : running) thread.join();
  return holds;
}

std::int64_t random_size(std::int64_t most, Generator& generator) {
  if (chance(30, generator)) return 0;
  if (chance(6, generator)) return 1;
  return 2 + generator.below(most - 1);
}

Shape random_shape(std::int64_t rank, std::int64_t most, Generator& generator) {
  Shape shape;
  while (shape.size() < rank) shape.push_back(random_size(most, generator));
  return shape;
}

IntList random_order(std::int64_t rank, Generator& generator) {
  return randperm(rank, generator).to_vector();
}

IntList inverse(const IntList& order) {
  IntList back = order;
  for (std::int64_t d = 0; d < order.size(); ++d) back[order[d]] = d;
  return back;
}

template <class T>
TensorOf<T> random_view(const TensorOf<T>& x, Generator& generator) {
  const IntList order = random_order(x.dim(), generator);
  Shape room;
  IntList before, step;
  for (const std::int64_t d : order) {
    const bool gaps = chance(3, generator);
    before.push_back(gaps ? generator.below(3) : 0);
    step.push_back(gaps ? 1 + generator.below(3) : 1);
    const std::int64_t behind = gaps ? generator.below(3) : 0;
    room.push_back(before[before.size() - 1] + x.size(d) * step[step.size() - 1] + behind);
  }
  TensorOf<T> view = full<T>(room, junk<T>());
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    const std::int64_t stop = before[d] + x.size(order[d]) * step[d];
    view = view.slice(d, before[d], stop, step[d]);
  }
  return view.permute(inverse(order)).copy_(x);
}

template Tensor random_view(const Tensor&, Generator&);
template DoubleTensor random_view(const DoubleTensor&, Generator&);
template LongTensor random_view(const LongTensor&, Generator&);
template BoolTensor random_view(const BoolTensor&, Generator&);

}  // namespace foundations
