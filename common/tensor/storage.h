// Storage: the flat, shared memory behind one or more tensors, and statistics of all storages.
#pragma once

#include <cstdint>
#include <memory>

namespace foundations {

// Bytes in all storages: now, and at most since the last reset. PyTorch has the three functions in
// torch.cuda.
std::int64_t memory_allocated();
std::int64_t max_memory_allocated();
void reset_peak_memory_stats();

// `size` elements, not initialised, aligned for vectors and, if they are many, in large pages
// (memory.h). Copying a Storage shares the memory, which is freed with its last owner. Throws
// OutOfMemoryError if there is not enough memory.
template <class T>
class Storage {
 public:
  Storage() = default;
  explicit Storage(std::int64_t size);

  std::int64_t size() const { return size_; }
  T* data() const { return elements_.get(); }
  T& operator[](std::int64_t i) const { return elements_.get()[i]; }
  T* begin() const { return data(); }
  T* end() const { return data() + size_; }

 private:
  std::shared_ptr<T> elements_;
  std::int64_t size_ = 0;
};

}  // namespace foundations
