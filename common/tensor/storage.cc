#include "common/tensor/storage.h"

#include <atomic>
#include <cstddef>

#include "common/base/block_cache.h"

namespace foundations {
namespace {

std::atomic<std::int64_t> allocated = 0, max_allocated = 0;

void count(std::int64_t bytes) {
  const std::int64_t now = allocated += bytes;
  std::int64_t most = max_allocated;
  while (most < now && !max_allocated.compare_exchange_weak(most, now)) {
  }
}

template <class T>
T* allocate(std::int64_t size) {
  if (size > PTRDIFF_MAX / static_cast<std::int64_t>(sizeof(T))) {
    throw OutOfMemoryError(static_cast<double>(size) * sizeof(T));
  }
  const std::size_t bytes = size * sizeof(T);
  T* const elements = static_cast<T*>(allocate_block(bytes));
  count(static_cast<std::int64_t>(bytes));
  return elements;
}

template <class T>
void deallocate(T* elements, std::int64_t size) {
  free_block(elements, size * sizeof(T));
  allocated -= size * static_cast<std::int64_t>(sizeof(T));
}

}  // namespace

std::int64_t memory_allocated() { return allocated; }
std::int64_t max_memory_allocated() { return max_allocated; }
void reset_peak_memory_stats() { max_allocated = memory_allocated(); }

template <class T>
Storage<T>::Storage(std::int64_t size)
    : elements_(allocate<T>(size), [size](T* elements) { deallocate(elements, size); }),
      size_(size) {}

template class Storage<float>;
template class Storage<double>;
template class Storage<std::int64_t>;
template class Storage<bool>;

}  // namespace foundations
