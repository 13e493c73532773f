#include "common/tensor/shape.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace foundations {

IntList::IntList(std::initializer_list<std::int64_t> values)
    : IntList(values.begin(), values.end()) {}

void IntList::insert(std::int64_t position, std::int64_t value) {
  if (size_ == kMaxDim) throw_full();
  std::copy_backward(begin() + position, end(), end() + 1);
  values_[position] = value;
  ++size_;
}

void IntList::throw_full() const {
  throw ShapeError("A tensor has at most " + std::to_string(kMaxDim) +
                   " dimensions, and one more than " + bracketed(*this) + " was asked for");
}

void IntList::erase(std::int64_t position) {
  std::copy(begin() + position + 1, end(), begin() + position);
  --size_;
}

bool operator==(const IntList& a, const IntList& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::int64_t Shape::numel() const {
  std::int64_t product = 1;
  bool empty = false;
  for (const std::int64_t size : *this) {
    if (size < 0) {
      throw ShapeError("Trying to create tensor with negative dimension " + std::to_string(size) +
                       ": " + bracketed(*this));
    }
    empty |= size == 0;
    if (size != 0 && __builtin_mul_overflow(product, size, &product)) {
      throw ShapeError("The number of elements of a tensor of shape " + bracketed(*this) +
                       " does not fit in 63 bits");
    }
  }
  return empty ? 0 : product;
}

std::string bracketed(const IntList& values) {
  std::string text = "[";
  for (const std::int64_t value : values) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(value);
  }
  return text + "]";
}

Shape parse_shape(std::string_view text) {
  std::string bare(text);
  bare.erase(std::remove(bare.begin(), bare.end(), ' '), bare.end());
  if (bare == "[]" || bare == "scalar") return {};
  Shape shape;
  const char* const end = bare.data() + bare.size();
  for (const char* at = bare.data();; ++at) {
    std::int64_t size = 0;
    const auto [stop, error] = std::from_chars(at, end, size);
    const bool last = stop == end;
    if (error != std::errc() || size < 0 || shape.size() == kMaxDim ||
        !(last || *stop == 'x' || *stop == ',')) {
      throw ShapeError("'" + std::string(text) + "' is not a shape: write up to " +
                       std::to_string(kMaxDim) +
                       " sizes, as in 2x3x4 or 2,3,4, or [] for a scalar");
    }
    shape.push_back(size);
    if (last) return shape;
    at = stop;
  }
}

Strides contiguous_strides(const Shape& shape) {
  shape.numel();  // refuses sizes whose products overflow
  Strides strides(shape.begin(), shape.end());
  std::int64_t stride = 1;
  for (std::int64_t d = shape.size() - 1; d >= 0; --d) {
    strides[d] = stride;
    stride *= std::max<std::int64_t>(shape[d], 1);
  }
  return strides;
}

std::int64_t wrap_dim(std::int64_t dim, std::int64_t rank) {
  const std::int64_t range = std::max<std::int64_t>(rank, 1);
  if (dim < -range || dim >= range) {
    throw IndexError("Dimension out of range (expected to be in range of [" +
                     std::to_string(-range) + ", " + std::to_string(range - 1) + "], but got " +
                     std::to_string(dim) + ")");
  }
  return dim < 0 ? dim + range : dim;
}

Shape broadcast_shapes(const Shape& a, const Shape& b) {
  const std::int64_t rank = std::max(a.size(), b.size());
  Shape result = a.size() == rank ? a : b;
  for (std::int64_t d = rank - 1; d >= 0; --d) {
    const std::int64_t in_a = d - (rank - a.size()), in_b = d - (rank - b.size());
    const std::int64_t size_a = in_a < 0 ? 1 : a[in_a], size_b = in_b < 0 ? 1 : b[in_b];
    if (size_a != size_b && size_a != 1 && size_b != 1) {
      throw ShapeError("The size of tensor a (" + std::to_string(size_a) +
                       ") must match the size of tensor b (" + std::to_string(size_b) +
                       ") at non-singleton dimension " + std::to_string(d));
    }
    result[d] = size_a == 1 ? size_b : size_a;
  }
  return result;
}

}  // namespace foundations
