#include "common/base/block_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <set>
#include <thread>
#include <vector>

namespace foundations {
namespace {

class BlockCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!kKeepsBlocks) GTEST_SKIP() << "debug builds keep no blocks";
  }
  void TearDown() override { cache_.forget(); }
  BlockCache cache_;
};

TEST_F(BlockCacheTest, KeepsBlocksOfSomeSizes) {
  const struct {
    std::size_t bytes;
    bool kept;
  } kCases[] = {
      {0, false},
      {1, false},
      {kSmallestKept - 1, false},
      {kSmallestKept, true},
      {kSmallestKept + 1, true},
      {kLargestKept, true},
      {kLargestKept + 1, false},
  };
  for (const auto& c : kCases) {
    void* const block = allocate_memory(c.bytes);
    void* const to_free = cache_.keep(block, c.bytes);
    EXPECT_EQ(to_free, c.kept ? nullptr : block) << c.bytes;
    void* const taken = cache_.take(c.bytes);
    EXPECT_EQ(taken, c.kept ? block : nullptr) << c.bytes;
    EXPECT_EQ(cache_.take(c.bytes), nullptr) << c.bytes << ", taken twice";
    free_memory(block);
  }
}

TEST_F(BlockCacheTest, GivesABlockOfTheSameSizeOnly) {
  void* const block = allocate_memory(3000);
  EXPECT_EQ(cache_.keep(block, 3000), nullptr);
  EXPECT_EQ(cache_.take(2999), nullptr);
  EXPECT_EQ(cache_.take(3001), nullptr);
  EXPECT_EQ(cache_.take(3000), block);
  free_memory(block);
}

TEST_F(BlockCacheTest, HandsOneBackForEachThatIsTooMany) {
  std::set<void*> held, back;
  for (std::size_t bytes = 2000; bytes < 2000 + 3 * kBlocks; ++bytes) {
    void* const block = allocate_memory(bytes);
    held.insert(block);
    if (void* const old = cache_.keep(block, bytes)) back.insert(old);
  }
  ASSERT_EQ(held.size(), 3 * kBlocks);
  EXPECT_EQ(back.size(), 2 * kBlocks);
  for (std::size_t bytes = 2000 + 2 * kBlocks; bytes < 2000 + 3 * kBlocks; ++bytes) {
    void* const block = cache_.take(bytes);  // the last ones stayed
    EXPECT_NE(block, nullptr) << bytes;
    back.insert(block);
  }
  EXPECT_EQ(back, held);
  for (void* const block : back) free_memory(block);
}

TEST_F(BlockCacheTest, ForgetsWhenThereIsNoMemoryLeft) {
  free_block(allocate_block(123456), 123456);
  EXPECT_THROW(allocate_block(PTRDIFF_MAX), OutOfMemoryError);
  EXPECT_EQ(block_cache.take(123456), nullptr);
}

// No block is two threads' at once: each writes its number, and finds it again.
TEST_F(BlockCacheTest, SharesBlocksAmongThreads) {
  constexpr std::size_t kBytes = 4096;
  std::atomic<int> mistakes = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&mistakes, t] {
      for (int i = 0; i < 20'000; ++i) {
        char* const block = static_cast<char*>(allocate_block(kBytes));
        std::fill_n(block, kBytes, static_cast<char>(t));
        mistakes += std::count(block, block + kBytes, static_cast<char>(t)) != kBytes;
        free_block(block, kBytes);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(mistakes, 0);
}

}  // namespace
}  // namespace foundations
