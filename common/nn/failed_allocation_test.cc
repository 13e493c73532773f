// Every allocation of the operations below fails once: std::bad_alloc comes out, the operands stay
// as they were, and no tensor is kept. (That a program says so is out_of_memory_test.cc's.)
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <string>

#include "common/base/openmp.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"

// How many allocations go well until one fails; below 0, all do.
static std::atomic<std::int64_t> until_failure = -1;  // it is again when one has failed
static bool fails() { return until_failure >= 0 && until_failure-- == 0; }

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const block = fails() ? nullptr : std::malloc(size);
  return block ? block : throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

// Where tensors have their elements from. (memory.h)
extern "C" int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  *block = fails() ? nullptr
                   : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  return *block ? 0 : ENOMEM;
}

namespace foundations {
namespace {

struct Operands {
  Generator generator{0};
  Tensor x = randn({7, 5}, generator), y = randn({5, 7}, generator).t(), row = ones(5),
         w = randn({5, 3}, generator), b = zeros(3);
};

void module_both_ways(const Operands& o) {
  Generator generator(1);
  nn::Sequential model{nn::Linear(5, 4, generator), nn::ReLU(), nn::Linear(4, 3, generator)};
  nn::CrossEntropyLoss loss;
  loss(model(o.x), o.x.argmax(1).clamp_max(2));
  model.backward(loss.backward());
}

constexpr void (*kOperations[])(const Operands&) = {
    module_both_ways,
    [](const Operands& o) { o.x += o.row; },
    [](const Operands& o) { o.x.copy_(o.y); },
    [](const Operands& o) { o.x.t().unsqueeze(0).reshape({35}).to<double>(); },
    [](const Operands& o) { where(o.x > o.row, o.y.exp(), 0).max(0); },
    [](const Operands& o) { normalize(o.x, o.y.mean(), o.x.std()).argmax(1); },
    [](const Operands& o) { matmul_out(o.b, o.row, o.w); },
    [](const Operands& o) { einsum("ik,kj,j", o.x, o.w, o.b); },
    [](const Operands& o) { EXPECT_GT(to_string(o.x).size(), 100u); },
};

TEST(FailedAllocation, ChangesNothing) {
  set_threads(1);
  until_failure = 0;
  EXPECT_THROW(Storage<float>(1), OutOfMemoryError);
  for (const auto& operation : kOperations) {
    const Operands o;
    const auto state = [&o] { return tuple_string(o.x, o.y, o.row, o.w, o.b, memory_allocated()); };
    const std::string before = state();
    for (std::int64_t n = 0;; ++n) {
      until_failure = n;
      try {
        operation(o);
        break;
      } catch (const std::bad_alloc&) {
        ASSERT_EQ(state(), before) << "operation " << &operation - kOperations << " after " << n;
      }
    }
    until_failure = -1;
  }
}

}  // namespace
}  // namespace foundations
