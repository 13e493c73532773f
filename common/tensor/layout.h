// Layout: how a tensor lies in its storage. Every view (a row, a transpose, a broadcast copy) is
// nothing but new numbers here; no element moves.
//
// Element (i, j, ...) of a tensor is element `offset + i*strides[0] + j*strides[1] + ...` of its
// storage. A 2 x 3 matrix, and two of its views:
//
//                          shape    strides  offset     storage  1 2 3 4 5 6
//   m = [[1, 2, 3],        [2, 3]   (3, 1)   0
//        [4, 5, 6]]
//   row 1 of m             [3]      (1)      3
//   m transposed           [3, 2]   (1, 3)   0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>

#include "common/tensor/shape.h"

namespace foundations {

// The notes' index notation:  c[None, 1:, ..., :, 3]  is  c(None, Slice(1), Ellipsis, _, 3).
struct NoneType {};
struct EllipsisType {};
inline constexpr NoneType None{};          // inserts a dimension of size 1
inline constexpr EllipsisType Ellipsis{};  // all dimensions without another index

// start:stop:step, each left out by default. As in Python, negative bounds count from the end, and
// bounds beyond the end are cut.
struct Slice {
  struct Bound : std::optional<std::int64_t> {
    constexpr Bound(NoneType) {}
    template <Integer Int>
    constexpr Bound(Int position) : optional(position) {}
  };
  constexpr Slice(Bound from = None, Bound to = None, std::int64_t by = 1)
      : start(from), stop(to), step(by) {}
  Bound start, stop;
  std::int64_t step;
};
inline constexpr Slice _;  // a whole dimension: the notes' `:`

struct Index {
  enum Kind { kInteger, kSlice, kNone, kEllipsis };
  template <Integer Int>
  Index(Int at) : kind(kInteger), position(at) {}
  Index(Slice cut) : kind(kSlice), slice(cut) {}
  Index(NoneType) : kind(kNone) {}
  Index(EllipsisType) : kind(kEllipsis) {}
  Kind kind;
  std::int64_t position = 0;
  Slice slice;
};

// The methods below have the names and meanings of PyTorch's tensor methods. Negative dims count
// from the end. Each costs a few integer operations, whatever the size of the tensor.
struct Layout {
  Shape shape;
  Strides strides;
  std::int64_t offset = 0;

  // Returns the row-major layout from the start of a storage.
  static Layout contiguous(const Shape& shape) { return {shape, contiguous_strides(shape), 0}; }

  std::int64_t dim() const { return shape.size(); }
  bool is_contiguous() const;

  // Returns an index into dimension d, which may count from the end, counted from the front. Throws
  // IndexError if it is out of bounds.
  std::int64_t wrap_index(std::int64_t index, std::int64_t d) const {
    if (index < -shape[d] || index >= shape[d]) throw_out_of_bounds(index, d);
    return index < 0 ? index + shape[d] : index;
  }
  [[noreturn]] void throw_out_of_bounds(std::int64_t index, std::int64_t d) const;

  // Throw IndexError for a dim or an index that is out of bounds.
  Layout select(std::int64_t dim, std::int64_t index) const;
  Layout slice(std::int64_t dim, Slice::Bound start, Slice::Bound stop, std::int64_t step) const;
  Layout index(std::span<const Index> indices) const;
  Layout index(std::initializer_list<Index> indices) const {
    return index(std::span(indices.begin(), indices.size()));
  }
  Layout unsqueeze(std::int64_t dim) const;
  Layout squeeze() const;
  Layout squeeze(std::int64_t dim) const;
  Layout transpose(std::int64_t dim0, std::int64_t dim1) const;
  Layout permute(const IntList& dims) const;
  Layout diagonal(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const;

  // Stretches sizes of 1 to `target`. Throws ShapeError if another size changes. -1 keeps a size.
  Layout expand(const Shape& target) const;

  // Return the same elements in the same order in another shape, in which one size may be -1: it is
  // computed. Throw ShapeError if the number of elements differs. If no strides can express the
  // shape, so that elements would have to move, `try_view` returns nothing, and `view` throws.
  std::optional<Layout> try_view(const Shape& target) const;
  Layout view(const Shape& target) const;
};

}  // namespace foundations
