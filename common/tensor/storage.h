// Storage: the flat, shared memory behind one or more tensors, and statistics of all storages.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "common/base/block_cache.h"

namespace foundations {

// Bytes in all storages: now, and at most since the last reset. PyTorch has the three functions
// below in torch.cuda.
struct MemoryStats {
  std::atomic<std::int64_t> allocated{0}, max_allocated{0};

  void add(std::int64_t bytes) {
    const std::int64_t now = allocated += bytes;
    std::int64_t most = max_allocated;
    while (most < now && !max_allocated.compare_exchange_weak(most, now)) {
    }
  }
};
inline MemoryStats memory_stats;
inline std::int64_t memory_allocated() { return memory_stats.allocated; }
inline std::int64_t max_memory_allocated() { return memory_stats.max_allocated; }
inline void reset_peak_memory_stats() { memory_stats.max_allocated = memory_allocated(); }

// `size` elements, not initialised, aligned for vectors and, if they are many, in large pages
// (memory.h). Copying a Storage shares the memory, which is freed with its last owner. Throws
// OutOfMemoryError if there is not enough memory.
template <class T>
class Storage {
 public:
  Storage() = default;
  explicit Storage(std::int64_t size)
      : elements_(allocate(size), [size](T* elements) { deallocate(elements, size); }),
        size_(size) {}

  std::int64_t size() const { return size_; }
  T* data() const { return elements_.get(); }
  T& operator[](std::int64_t i) const { return elements_.get()[i]; }
  T* begin() const { return data(); }
  T* end() const { return data() + size_; }

 private:
  static T* allocate(std::int64_t size) {
    if (size > PTRDIFF_MAX / static_cast<std::int64_t>(sizeof(T))) {
      throw OutOfMemoryError(static_cast<double>(size) * sizeof(T));
    }
    const std::size_t bytes = size * sizeof(T);
    T* const elements = static_cast<T*>(allocate_block(bytes));
    memory_stats.add(static_cast<std::int64_t>(bytes));
    return elements;
  }
  static void deallocate(T* elements, std::int64_t size) {
    free_block(elements, size * sizeof(T));
    memory_stats.allocated -= size * static_cast<std::int64_t>(sizeof(T));
  }

  std::shared_ptr<T> elements_;
  std::int64_t size_ = 0;
};

}  // namespace foundations
