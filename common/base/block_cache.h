// Blocks of memory that were freed, kept for whoever needs as many bytes next.
//
// Every step of a training loop makes the same tensors again: images, activations, gradients. So
// the loop soon asks the system for nothing. Keeping a block costs nothing either: its pages are
// there, and what was written last may still be in the processor's cache.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <utility>

#include "common/base/memory.h"

namespace foundations {

// Debug builds take each block anew, and so do the sanitizers, which start from them: else they
// would not see who uses a block after its end.
#ifdef NDEBUG
inline constexpr bool kKeepsBlocks = true;
#else
inline constexpr bool kKeepsBlocks = false;
#endif

// Smaller blocks are quick to come by, and larger ones too large to keep: a cache holds 256 MiB at
// most.
inline constexpr std::size_t kBlocks = 64, kSmallestKept = 1 << 10, kLargestKept = 1 << 22;

// Any number of threads may call it at once. None waits: a call that finds another at work, also
// one that a fork() has cut off, does without the cache. Has no destructor, so that it serves
// static objects to the end.
class BlockCache {
 public:
  // Returns a block of so many bytes, or nullptr if none is kept.
  void* take(std::size_t bytes) {
    if (!keeps(bytes) || !lock()) return nullptr;
    void* found = nullptr;
    for (Block& block : blocks_) {
      if (block.bytes == bytes) {
        found = std::exchange(block, Block{}).memory;
        break;
      }
    }
    unlock();
    return found;
  }

  // Keeps the block. Returns one that the caller has to free: an older one if the cache was full,
  // this one if it is not for keeping, else nullptr.
  void* keep(void* memory, std::size_t bytes) {
    if (!keeps(bytes) || !lock()) return memory;
    std::size_t place = 0;
    while (place < blocks_.size() && blocks_[place].memory != nullptr) ++place;
    if (place == blocks_.size()) place = next_to_go_++ % blocks_.size();
    void* const old = std::exchange(blocks_[place], Block{bytes, memory}).memory;
    unlock();
    return old;
  }

  // Frees all that is kept. Returns true if that was anything.
  bool forget() {
    if (!lock()) return false;
    const std::array<Block, kBlocks> old = std::exchange(blocks_, {});
    unlock();
    bool any = false;
    for (const Block& block : old) {
      any = any || block.memory != nullptr;
      free_memory(block.memory);
    }
    return any;
  }

 private:
  struct Block {
    std::size_t bytes = 0;
    void* memory = nullptr;
  };

  static bool keeps(std::size_t bytes) {
    return kKeepsBlocks && bytes >= kSmallestKept && bytes <= kLargestKept;
  }
  bool lock() { return !locked_.test_and_set(std::memory_order_acquire); }
  void unlock() { locked_.clear(std::memory_order_release); }

  std::atomic_flag locked_;
  std::array<Block, kBlocks> blocks_{};
  std::size_t next_to_go_ = 0;  // when all places are taken
};

inline constinit BlockCache block_cache;

// allocate_memory() and free_memory() of memory.h, by way of the cache. When the system has no more
// memory, it gets back what is kept.
inline void* allocate_block(std::size_t bytes) {
  if (void* const kept = block_cache.take(bytes)) return kept;
  try {
    return allocate_memory(bytes);
  } catch (const OutOfMemoryError&) {
    if (!block_cache.forget()) throw;
    return allocate_memory(bytes);
  }
}
inline void free_block(void* memory, std::size_t bytes) {
  free_memory(block_cache.keep(memory, bytes));
}

}  // namespace foundations
