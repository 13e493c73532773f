// Storage: the flat, shared memory behind one or more tensors.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace foundations {

// `size` elements, 64-byte aligned (a cache line, and the widest vector there is) and not
// initialised. Copying a Storage shares the memory, which is freed with its last owner. Throws
// std::bad_alloc when there is no memory for it.
template <class T>
class Storage {
 public:
  Storage() = default;
  explicit Storage(std::int64_t size) : elements_(allocate(size), deallocate), size_(size) {}

  std::int64_t size() const { return size_; }
  T* data() const { return elements_.get(); }
  T& operator[](std::int64_t i) const { return elements_.get()[i]; }
  T* begin() const { return data(); }
  T* end() const { return data() + size_; }

 private:
  static constexpr std::align_val_t kAlignment{64};

  static T* allocate(std::int64_t size) {
    if (size > PTRDIFF_MAX / static_cast<std::int64_t>(sizeof(T)))
      throw std::bad_array_new_length();
    return static_cast<T*>(::operator new(std::max<std::size_t>(size * sizeof(T), 1), kAlignment));
  }
  static void deallocate(T* elements) { ::operator delete(elements, kAlignment); }

  std::shared_ptr<T> elements_;
  std::int64_t size_ = 0;
};

}  // namespace foundations
