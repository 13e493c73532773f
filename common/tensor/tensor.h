// TensorOf<T>: what the notes got from PyTorch, small enough to read.
//
// A tensor is a Layout (shape, strides, offset) over a Storage (flat shared memory). A TensorOf is
// a handle to one: copying the handle shares the tensor, `clone()` copies its elements, and every
// view is a new tensor over the same storage.
//
//   Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
//   m[0] = m[1] * 2;                    // writes row 0 of m: m[0] is a view
//   m(0, 1);                            // an element, 2
//   m(_, 1).sum();                      // the notes' m[:,1].sum()
//   Tensor row = m[0];                  // a handle to a view ...
//   row = m[2];                         // ... which now means another row: m is as it was
//   row[0] = 9;                         // writes m
//   for (Tensor r : m) r.fill_(1);      // writes m, row after row
//
// So: assigning to a name makes it mean another tensor, assigning to a view as it is made
// (`m[0] = ...`, or anything else without a name) writes elements. A const handle does not make the
// elements const.
//
// Names and meanings are PyTorch's. A negative `dim` counts from the end. The arithmetic is in
// ops.h.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/tensor/layout.h"
#include "common/tensor/overlap.h"
#include "common/tensor/storage.h"

namespace foundations {

template <class T>
class TensorOf;

using Tensor = TensorOf<float>;
using DoubleTensor = TensorOf<double>;
using LongTensor = TensorOf<std::int64_t>;
using BoolTensor = TensorOf<bool>;

// An element type to calculate with.
template <class T>
concept Number = !std::same_as<T, bool>;

// The type of a plain C++ number that may stand for a T: any for float and double, integers for
// int64, bool for bool.
template <class S, class T>
concept ScalarFor = std::is_arithmetic_v<S> &&
    (std::floating_point<T> || std::same_as<S, T> ||
     (std::integral<S> && !std::same_as<S, bool> && !std::same_as<T, bool>));

// An argument that is a number. Converts from the types of ScalarFor only, so that no fraction is
// lost on the way into a LongTensor.
template <class T>
class ScalarOf {
 public:
  template <ScalarFor<T> S>
  ScalarOf(S value) : value_(static_cast<T>(value)) {}
  operator T() const { return value_; }

 private:
  T value_;
};

// The element type of a sum: a count for bool, else T.
template <class T>
using SumOf = std::conditional_t<std::same_as<T, bool>, std::int64_t, T>;

// The dims of a reduction: `0`, `{0, 2}`, or `{}` for all.
struct Dims : IntList {
  using IntList::IntList;
  template <Integer Dim>
  Dims(Dim dim) : IntList({static_cast<std::int64_t>(dim)}) {}
  Dims(const IntList& dims) : IntList(dims) {}
};

template <class T>
class TensorOf {
  static_assert(std::same_as<T, float> || std::same_as<T, double> ||
                    std::same_as<T, std::int64_t> || std::same_as<T, bool>,
                "elements are float, double, std::int64_t or bool");

 public:
  // An undefined tensor, of shape [0]: `defined()` tells it from an empty one that was made.
  TensorOf();
  // Makes views, and what empty() returns. The layout must stay inside the storage.
  TensorOf(const Storage<T>& storage, const Layout& layout);

  ~TensorOf();
  TensorOf(const TensorOf&) = default;
  TensorOf& operator=(const TensorOf&) & = default;  // name = tensor: means another one
  // view = tensor or number: writes, as Python's t[i] = ... does. Leading dimensions of size 1 are
  // dropped if the view does not have them.
  void operator=(const TensorOf& source) &&;
  void operator=(ScalarOf<T> value) && { fill_(value); }
  void operator=(ScalarOf<T> value) & = delete;  // name = number: to write all elements, fill_

  // ---- Look ------------------------------------------------------------------------------------
  bool defined() const { return impl_->storage.data() != nullptr; }
  const Layout& layout() const& { return impl_->layout; }
  const Shape& shape() const& { return layout().shape; }
  const Strides& strides() const& { return layout().strides; }
  const Storage<T>& storage() const& { return impl_->storage; }
  // Of a temporary, as in m.t().shape(), these return values: a reference would dangle.
  Layout layout() && { return impl_->layout; }
  Shape shape() && { return impl_->layout.shape; }
  Strides strides() && { return impl_->layout.strides; }
  Storage<T> storage() && { return impl_->storage; }
  std::int64_t dim() const { return layout().dim(); }
  std::int64_t size(std::int64_t dim) const { return shape()[checked_dim(dim)]; }
  std::int64_t stride(std::int64_t dim) const { return strides()[checked_dim(dim)]; }
  std::int64_t numel() const { return shape().numel(); }
  bool is_contiguous() const { return layout().is_contiguous(); }
  std::int64_t storage_offset() const { return layout().offset; }
  T* data() const { return storage().data() + storage_offset(); }  // the first element

  // The value of a tensor with one element. Throws ShapeError for more or fewer elements.
  T item() const;
  // All elements in row-major order.
  std::vector<T> to_vector() const;

  // ---- Elements --------------------------------------------------------------------------------
  // One index for each dimension. at() always checks (IndexError) and counts negative indices from
  // the end, as Python does; () takes no negative ones, and checks in debug builds only.
  template <Integer... Positions>
  T& at(Positions... index) const;
  template <Integer... Positions>
  T& operator()(Positions... index) const;

  // ---- Views: new layout, same storage, no element copied --------------------------------------
  // Each throws what the method of Layout with its name throws.
  //
  // t[i] is a row, t(i, _) a row too, t(_, j) a column, t(_, None) a column of a vector. Integers
  // alone are an element, see above; index({i, j}) is the element as a view.
  template <Integer Position>
  TensorOf operator[](Position index) const {
    return select(0, index);
  }
  template <std::convertible_to<Index>... Indices>
  TensorOf operator()(Indices... indices) const requires(!(Integer<Indices> && ...)) {
    return index({Index(indices)...});
  }
  TensorOf index(std::initializer_list<Index> indices) const;
  TensorOf select(std::int64_t dim, std::int64_t index) const {
    return with(layout().select(dim, index));
  }
  TensorOf slice(std::int64_t dim, Slice::Bound start = None, Slice::Bound stop = None,
                 std::int64_t step = 1) const {
    return with(layout().slice(dim, start, stop, step));
  }
  TensorOf unsqueeze(std::int64_t dim) const { return with(layout().unsqueeze(dim)); }
  TensorOf squeeze() const { return with(layout().squeeze()); }
  TensorOf squeeze(std::int64_t dim) const { return with(layout().squeeze(dim)); }
  TensorOf expand(const Shape& shape) const { return with(layout().expand(shape)); }
  template <class U>
  TensorOf expand_as(const TensorOf<U>& other) const {
    return expand(other.shape());
  }
  TensorOf view(const Shape& shape) const { return with(layout().view(shape)); }
  TensorOf permute(const IntList& dims) const { return with(layout().permute(dims)); }
  // The same with separate numbers: t.view(n, -1).
  template <Integer First, Integer... Rest>
  TensorOf expand(First first, Rest... rest) const {
    return expand(Shape::of(first, rest...));
  }
  template <Integer First, Integer... Rest>
  TensorOf view(First first, Rest... rest) const {
    return view(Shape::of(first, rest...));
  }
  template <Integer First, Integer... Rest>
  TensorOf permute(First first, Rest... rest) const {
    return permute(Shape::of(first, rest...));
  }
  TensorOf transpose(std::int64_t dim0, std::int64_t dim1) const {
    return with(layout().transpose(dim0, dim1));
  }
  TensorOf t() const;  // a matrix transposed; throws ShapeError above rank 2
  TensorOf diagonal(std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1) const {
    return with(layout().diagonal(offset, dim1, dim2));
  }
  // Any layout that stays inside the storage; throws ShapeError for one that does not.
  TensorOf as_strided(const Shape& shape, const Strides& strides) const {
    return as_strided(shape, strides, storage_offset());
  }
  TensorOf as_strided(const Shape& shape, const Strides& strides, std::int64_t offset) const;

  // The rows t[0], t[1], ..., for range-for. Throws IndexError for a scalar.
  class Iterator;
  Iterator begin() const;
  Iterator end() const;

  // ---- Copies ----------------------------------------------------------------------------------
  TensorOf clone() const;  // keeps a dense layout (a transpose stays one), like torch.clone
  // This very tensor, gradient included, if it is row-major already, else a copy, as in PyTorch. (A
  // view is another tensor, even if it shows everything.)
  TensorOf contiguous() const { return is_contiguous() ? *this : row_major_copy(); }
  TensorOf reshape(const Shape& shape) const;  // a view if strides can express it, else a copy
  template <Integer First, Integer... Rest>
  TensorOf reshape(First first, Rest... rest) const {
    return reshape(Shape::of(first, rest...));
  }
  // The rows (or what else `dim` counts) at the positions in a vector, in its order: the notes'
  // x[idx] is x.index_select(0, idx). Throws IndexError for negative positions and for too large
  // ones.
  TensorOf index_select(std::int64_t dim, const TensorOf<std::int64_t>& index) const;
  // A tensor of the index's shape: for dim 1, element (i, j) is t(i, index(i, j)). Throws
  // ShapeError unless the index has as many dims and is nowhere larger, but along `dim`, and
  // IndexError as above.
  TensorOf gather(std::int64_t dim, const TensorOf<std::int64_t>& index) const;
  // A copy of another type: bool is true for nonzero, int64 drops the fraction (NaN and what does
  // not fit give the smallest int64). `(a < b).to<float>()` is the notes' (a < b).float().
  template <class U>
  TensorOf<U> to() const;

  // ---- Writes: through the handle, into the storage that every view of it shares ---------------
  // Source shapes broadcast to this one. Refused with ShapeError, before anything is written: a
  // source that does not fit, arithmetic into a tensor whose elements share memory (an expanded
  // view), a source that partly overlaps it (PyTorch lets some of these through). fill_ and zero_
  // take any tensor.
  TensorOf copy_(const TensorOf& source) const;
  TensorOf fill_(ScalarOf<T> value) const;
  TensorOf zero_() const { return fill_(T{}); }
  const TensorOf& operator+=(const TensorOf& other) const requires Number<T>;
  const TensorOf& operator-=(const TensorOf& other) const requires Number<T>;
  const TensorOf& operator*=(const TensorOf& other) const requires Number<T>;
  const TensorOf& operator/=(const TensorOf& other) const requires std::floating_point<T>;
  const TensorOf& operator+=(ScalarOf<T> other) const requires Number<T>;
  const TensorOf& operator-=(ScalarOf<T> other) const requires Number<T>;
  const TensorOf& operator*=(ScalarOf<T> other) const requires Number<T>;
  const TensorOf& operator/=(ScalarOf<T> other) const requires std::floating_point<T>;

  // The notes' `.g`: one slot that all handles of this tensor share (its views have their own).
  // Assigning to the slot overwrites. Until then it is an undefined tensor and has_grad() is false.
  // (A tensor that is its own gradient, or the gradient of its gradient, is never freed.)
  TensorOf& grad() const;
  bool has_grad() const { return impl_->grad && impl_->grad->defined(); }

  // ---- Pointwise functions: a new tensor, element by element -----------------------------------
  TensorOf abs() const requires Number<T>;
  TensorOf pow(ScalarOf<T> exponent) const requires Number<T>;
  TensorOf clamp_min(ScalarOf<T> low) const requires Number<T>;  // NaN, if either is
  TensorOf clamp_max(ScalarOf<T> high) const requires Number<T>;
  TensorOf sqrt() const requires std::floating_point<T>;
  TensorOf exp() const requires std::floating_point<T>;
  TensorOf log() const requires std::floating_point<T>;

  // ---- Reductions: over all elements to a scalar tensor, or over some dims ----------------------
  // sum(), sum(0), sum({0, 2}): no dims, or an empty list, are all of them; a dim given twice
  // throws ShapeError. With keepdim a reduced dim stays, with size 1. Floating-point sums add
  // elements in eights, and the eights in double and pairwise: right to a few units in the last
  // place of sum|x|, at any length, as long as no eight elements overflow.
  TensorOf<SumOf<T>> sum(const Dims& dims = {}, bool keepdim = false) const;
  // var and std are unbiased (they divide by n - 1). Of no elements the mean is NaN, and so is the
  // var of fewer than two.
  TensorOf mean(const Dims& dims = {}, bool keepdim = false) const requires std::floating_point<T>;
  TensorOf var(const Dims& dims = {}, bool keepdim = false) const requires std::floating_point<T>;
  TensorOf std(const Dims& dims = {}, bool keepdim = false) const requires std::floating_point<T>;
  // A NaN is both the maximum and the minimum, as in PyTorch. Of equal elements argmax gives the
  // first. Throw IndexError if there is no element to give.
  TensorOf max() const;
  TensorOf max(std::int64_t dim, bool keepdim = false) const;
  TensorOf min() const;
  TensorOf min(std::int64_t dim, bool keepdim = false) const;
  LongTensor argmax() const;  // the position in row-major order
  LongTensor argmax(std::int64_t dim, bool keepdim = false) const;

 private:
  struct Impl {
    Storage<T> storage;
    Layout layout;
    std::unique_ptr<TensorOf> grad;
  };

  TensorOf with(const Layout& layout) const;
  std::int64_t checked_dim(std::int64_t dim) const;
  TensorOf row_major_copy() const;

  std::shared_ptr<Impl> impl_;
};

// ---- Make --------------------------------------------------------------------------------------
// A shape in braces or its sizes one by one: zeros({2, 3}) is zeros(2, 3), zeros({}) a scalar.
// Throw ShapeError if a size is negative or the number of elements overflows. Everything that makes
// a new tensor throws OutOfMemoryError if there is no memory for it.

// Leaves the elements as the memory happens to be: for results that you are about to write.
template <class T = float>
TensorOf<T> empty(const Shape& shape);
template <class T = float>
TensorOf<T> full(const Shape& shape, std::type_identity_t<ScalarOf<T>> value) {
  return empty<T>(shape).fill_(value);
}
template <class T = float>
TensorOf<T> zeros(const Shape& shape) {
  return full<T>(shape, T{0});
}
template <class T = float>
TensorOf<T> ones(const Shape& shape) {
  return full<T>(shape, T{1});
}
template <class T = float, Integer First, Integer... Rest>
TensorOf<T> empty(First first, Rest... rest) {
  return empty<T>(Shape::of(first, rest...));
}
template <class T = float, Integer First, Integer... Rest>
TensorOf<T> zeros(First first, Rest... rest) {
  return zeros<T>(Shape::of(first, rest...));
}
template <class T = float, Integer First, Integer... Rest>
TensorOf<T> ones(First first, Rest... rest) {
  return ones<T>(Shape::of(first, rest...));
}

// An uninitialised U for each element of `like`, in the same order in memory if `like` is dense,
// else row-major.
template <class U, class T>
TensorOf<U> empty_like(const TensorOf<T>& like) {
  return TensorOf<U>(Storage<U>(like.numel()), packed(like.layout()));
}

// Row-major from a vector. Throws ShapeError unless the vector has shape.numel() values.
template <class T>
TensorOf<T> from_vector(const std::vector<T>& values, const Shape& shape);

// arange() for integers and for others. (A double would lose integers above 2^53.)
LongTensor arange_of(std::int64_t start, std::int64_t end, std::int64_t step);
Tensor arange_of(double start, double end, double step);

// start, start + step, ... below end (above, for a negative step): int64 from integers, float if an
// argument is floating-point. Throws ShapeError if the steps never reach end.
template <class Start, class End, class Step = int>
auto arange(Start start, End end, Step step = 1) {
  using Exact =
      std::conditional_t<std::is_integral_v<decltype(start + end + step)>, std::int64_t, double>;
  return arange_of(Exact(start), Exact(end), Exact(step));
}
template <class End>
auto arange(End end) {
  return arange(0, end);
}

// Numbers in braces, nested as deep as the tensor has dimensions: one number or a list. It lives no
// longer than the expression that it is written in.
template <class T>
struct Nested {
  template <ScalarFor<T> S>
  Nested(S only) : number(static_cast<T>(only)) {}
  Nested(std::initializer_list<Nested> list) : is_list(true), items(list) {}

  bool is_list = false;
  T number{};
  std::initializer_list<Nested> items;
};

// Throws ShapeError when the items of a list differ in shape.
template <class T>
TensorOf<T> from_nested(const Nested<T>& numbers);

// tensor({{1, 2}, {3, 4}}) is a float matrix; long_tensor and the others name their type.
inline Tensor tensor(const Nested<float>& n) { return from_nested(n); }
inline DoubleTensor double_tensor(const Nested<double>& n) { return from_nested(n); }
inline LongTensor long_tensor(const Nested<std::int64_t>& n) { return from_nested(n); }
inline BoolTensor bool_tensor(const Nested<bool>& n) { return from_nested(n); }

// ---- Inlined, and what is compiled once ---------------------------------------------------------

template <class T>
template <Integer... Positions>
T& TensorOf<T>::at(Positions... index) const {
  if (sizeof...(index) != static_cast<std::size_t>(dim())) {
    throw IndexError("at() takes one index for each dimension: " + std::to_string(dim()) +
                     ", but got " + std::to_string(sizeof...(index)));
  }
  std::int64_t position = 0;
  [[maybe_unused]] std::int64_t d = -1;  // unused without indices
  // A fold over the comma: runs the expression before the comma once for each index.
  ((++d, position += layout().wrap_index(index, d) * strides()[d]), ...);
  return data()[position];
}

template <class T>
template <Integer... Positions>
T& TensorOf<T>::operator()(Positions... index) const {
#ifndef NDEBUG
  T& element = at(index...);
  [[maybe_unused]] std::int64_t d = 0;  // at() takes negative indices: refuse them here
  ((static_cast<std::int64_t>(index) < 0 ? layout().throw_out_of_bounds(index, d) : void(++d)),
   ...);
  return element;
#else
  std::int64_t position = 0;
  [[maybe_unused]] std::int64_t d = 0;
  ((position += index * strides()[d++]), ...);
  return data()[position];
#endif
}

template <class T>
class TensorOf<T>::Iterator {
 public:
  using value_type = TensorOf;
  using difference_type = std::int64_t;

  Iterator() = default;
  Iterator(const TensorOf& tensor, std::int64_t row) : tensor_(tensor), row_(row) {}
  TensorOf operator*() const { return tensor_[row_]; }
  Iterator& operator++() {
    ++row_;
    return *this;
  }
  Iterator operator++(int) {
    Iterator before = *this;
    ++row_;
    return before;
  }
  bool operator==(const Iterator& other) const { return row_ == other.row_; }

 private:
  TensorOf tensor_;
  std::int64_t row_ = 0;
};

template <class T>
typename TensorOf<T>::Iterator TensorOf<T>::begin() const {
  if (dim() == 0) throw IndexError("iteration over a 0-d tensor");
  return {*this, 0};
}

template <class T>
typename TensorOf<T>::Iterator TensorOf<T>::end() const {
  return {*this, size(0)};
}

extern template class TensorOf<float>;
extern template class TensorOf<double>;
extern template class TensorOf<std::int64_t>;
extern template class TensorOf<bool>;

}  // namespace foundations
