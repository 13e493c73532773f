// Shape and Strides: the two short lists of integers that turn flat memory into a tensor.
//
//   Shape shape = {2, 3};
//   shape.numel();                             // 6
//   contiguous_strides(shape);                 // (3, 1): one row down is 3 elements on
//   broadcast_shapes({5, 1}, {3});             // [5, 3]
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"

namespace foundations {

// The most dimensions of a tensor. So shapes live inside their tensors, not on the heap.
inline constexpr std::int64_t kMaxDim = 8;

// The types of a size or an index: any C++ integer, but not bool.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

// At most kMaxDim integers. Throws ShapeError if you ask it to hold more.
class IntList {
 public:
  IntList() = default;
  IntList(std::initializer_list<std::int64_t> values);
  IntList(const std::vector<std::int64_t>& values) : IntList(values.begin(), values.end()) {}
  template <std::input_iterator Iterator>
  IntList(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(*first);
  }

  std::int64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::int64_t& operator[](std::int64_t i) { return values_[i]; }
  std::int64_t operator[](std::int64_t i) const { return values_[i]; }
  std::int64_t* begin() { return values_.data(); }
  std::int64_t* end() { return values_.data() + size_; }
  const std::int64_t* begin() const { return values_.data(); }
  const std::int64_t* end() const { return values_.data() + size_; }

  void push_back(std::int64_t value) {
    if (size_ == kMaxDim) throw_full();
    values_[size_++] = value;
  }
  void insert(std::int64_t position, std::int64_t value);
  void erase(std::int64_t position);
  [[noreturn]] void throw_full() const;

  friend bool operator==(const IntList& a, const IntList& b);

 private:
  std::array<std::int64_t, kMaxDim> values_{};
  std::int64_t size_ = 0;
};

// The size of each dimension.
class Shape : public IntList {
 public:
  using IntList::IntList;
  // Returns the shape of the sizes in `zeros(2, 3)` and `t.view(n, -1)`.
  template <Integer... Sizes>
  static Shape of(Sizes... sizes) {
    return {static_cast<std::int64_t>(sizes)...};
  }

  // Returns the product of all sizes; 1 for rank 0. Throws ShapeError if a size is negative or the
  // product (zeros left out) does not fit in 63 bits.
  std::int64_t numel() const;
};

// For each dimension, how many elements of storage lie between one index and the next.
class Strides : public IntList {
 public:
  using IntList::IntList;
};

// Returns "[2, 3]", as PyTorch's error messages write sizes.
std::string bracketed(const IntList& values);

// Returns the shape that you type: "2x3" or "2,3" is [2, 3], "[]" or "scalar" is []. Blanks do not
// count. Throws ShapeError, with a sentence that begins with the text, for anything else.
Shape parse_shape(std::string_view text);

// Returns row-major strides: the last dimension is contiguous.
Strides contiguous_strides(const Shape& shape);

// Returns a dimension, which may count from the end (-1 is the last), counted from the front.
// Throws IndexError unless -rank <= dim < rank; a scalar (rank 0) counts as rank 1, as in PyTorch.
std::int64_t wrap_dim(std::int64_t dim, std::int64_t rank);

// Returns the shape of an elementwise operation on `a` and `b`: trailing dimensions are lined up,
// missing leading dimensions count as 1, and a size of 1 stretches. Throws ShapeError if two sizes
// clash. Derived in 02_broadcast.
Shape broadcast_shapes(const Shape& a, const Shape& b);

}  // namespace foundations
