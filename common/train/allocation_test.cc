// After its first epochs a training asks the system for no more memory, but for small change.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "common/base/block_cache.h"
#include "common/nn/nn.h"
#include "common/tensor/random.h"
#include "common/train/learner.h"

static std::atomic<std::int64_t> large_allocations = 0;
static void count(std::size_t bytes) { large_allocations += bytes > 1024; }

[[gnu::noinline]] void* operator new(std::size_t size) {
  count(size);
  void* const block = std::malloc(size);
  return block ? block : throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

// Where tensors have their elements from. (memory.h)
extern "C" int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  count(size);
  *block = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  return *block ? 0 : ENOMEM;
}

namespace foundations {
namespace {

// The last batch is smaller, of both sets.
TEST(Learner, AllocatesNothingLargeOnceItRuns) {
  if (!kKeepsBlocks) GTEST_SKIP() << "debug builds keep no blocks";
  Generator generator(1);
  nn::Sequential model = nn::mlp({784, 50, 10}, generator);
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  optim::SGD opt(model.parameters(), {.lr = 0.1});
  const Dataset data{randn({1000, 784}, generator), randint(0, 10, {1000}, generator)};
  Learner learner(model, loss, opt, DataLoader(data, {.batch = 64, .shuffle = &generator}),
                  DataLoader(data, {.batch = 300}));
  large_allocations = 0;
  learner.fit(2);
  EXPECT_GT(large_allocations, 10);  // or they are not counted
  large_allocations = 0;
  learner.fit(3);
  EXPECT_EQ(large_allocations, 0);
}

}  // namespace
}  // namespace foundations
