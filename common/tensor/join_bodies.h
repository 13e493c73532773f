// cat, stack and pad of join.h, index_select and gather of tensor.h.
#pragma once

#include <algorithm>
#include <string>

#include "common/tensor/join.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {

// ---- Join

// A tensor of shape [0] joins any other.
inline bool counts_for_nothing(const Shape& shape) { return shape == Shape{0}; }

// Throws ShapeError unless tensor number i of cat(), of shape `got`, fits behind those of `want`.
inline void check_fits(const Shape& want, const Shape& got, std::int64_t dim, std::size_t i) {
  if (got.size() != want.size()) {
    throw ShapeError("Tensors must have same number of dimensions: got " +
                     std::to_string(want.size()) + " and " + std::to_string(got.size()));
  }
  for (std::int64_t d = 0; d < want.size(); ++d) {
    if (d != dim && got[d] != want[d]) {
      throw ShapeError("Sizes of tensors must match except in dimension " + std::to_string(dim) +
                       ". Expected size " + std::to_string(want[d]) + " but got size " +
                       std::to_string(got[d]) + " for tensor number " + std::to_string(i) +
                       " in the list.");
    }
  }
}

template <class T>
TensorOf<T> cat(const std::vector<TensorOf<T>>& tensors, std::int64_t dim) {
  if (tensors.empty()) throw ShapeError("torch.cat(): expected a non-empty list of Tensors");
  Shape shape = {0};
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Shape& next = tensors[i].shape();
    if (next.empty()) {
      throw ShapeError("zero-dimensional tensor (at position " + std::to_string(i) +
                       ") cannot be concatenated");
    }
    if (counts_for_nothing(shape)) shape = next;
  }
  dim = wrap_dim(dim, shape.size());
  std::int64_t length = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (counts_for_nothing(tensors[i].shape())) continue;
    check_fits(shape, tensors[i].shape(), dim, i);
    length += tensors[i].size(dim);
  }
  shape[dim] = length;
  const TensorOf<T> result = empty<T>(shape);
  std::int64_t at = 0;
  for (const TensorOf<T>& tensor : tensors) {
    if (counts_for_nothing(tensor.shape())) continue;
    result.slice(dim, at, at + tensor.size(dim)).copy_(tensor);
    at += tensor.size(dim);
  }
  return result;
}

template <class T>
TensorOf<T> stack(const std::vector<TensorOf<T>>& tensors, std::int64_t dim) {
  if (tensors.empty()) throw ShapeError("stack expects a non-empty TensorList");
  Shape shape = tensors[0].shape();
  dim = wrap_dim(dim, shape.size() + 1);
  for (std::size_t i = 1; i < tensors.size(); ++i) {
    if (!(tensors[i].shape() == shape)) {
      throw ShapeError("stack expects each tensor to be equal size, but got " + bracketed(shape) +
                       " at entry 0 and " + bracketed(tensors[i].shape()) + " at entry " +
                       std::to_string(i));
    }
  }
  shape.insert(dim, tensors.size());
  const TensorOf<T> result = empty<T>(shape);
  for (std::size_t i = 0; i < tensors.size(); ++i) result.select(dim, i).copy_(tensors[i]);
  return result;
}

template <class T>
TensorOf<T> pad(const TensorOf<T>& x, const std::vector<std::int64_t>& padding,
                std::type_identity_t<ScalarOf<T>> value) {
  const std::int64_t numbers = padding.size();
  if (numbers % 2 != 0) throw ShapeError("Padding length must be divisible by 2");
  if (numbers > 2 * x.dim()) {
    throw ShapeError(
        "Padding length should be less than or equal to two times the input dimension but got "
        "padding length " +
        std::to_string(numbers) + " and input of dimension " + std::to_string(x.dim()));
  }
  Shape shape = x.shape();
  TensorOf<T> kept = x;
  for (std::int64_t i = 0; i < numbers; i += 2) {
    const std::int64_t d = x.dim() - 1 - i / 2, before = padding[i], after = padding[i + 1];
    shape[d] += before + after;
    if (shape[d] < 0) {
      throw ShapeError("The input size " + std::to_string(x.size(d)) + ", plus negative padding " +
                       std::to_string(before) + " and " + std::to_string(after) +
                       ", resulted in a negative output size, which is invalid. Check dimension " +
                       std::to_string(d) + " of your input.");
    }
    const std::int64_t cut = std::max<std::int64_t>(-before, 0);
    kept = kept.slice(d, cut, std::max(cut, x.size(d) - std::max<std::int64_t>(-after, 0)));
  }
  const TensorOf<T> result = empty<T>(shape).fill_(value);
  TensorOf<T> inside = result;
  for (std::int64_t i = 0; i < numbers; i += 2) {
    const std::int64_t d = x.dim() - 1 - i / 2, before = std::max<std::int64_t>(padding[i], 0);
    inside = inside.slice(d, before, before + kept.size(d));
  }
  inside.copy_(kept);
  return result;
}

// ---- Pick

// Calls refuse(i) for an index i that is not in 0 .. size - 1, if there is one.
template <class Refuse>
void check_indices(const LongTensor& index, std::int64_t size, const Refuse& refuse) {
  walk<1>(index.shape(), {index.strides()}, [&](auto n, const auto& at, const auto& step) {
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t position = index.data()[at[0] + i * step[0]];
      if (position < 0 || position >= size) refuse(position);
    }
  });
}

// Asks for n elements that are read next.
template <class T>
void fetch(const T* from, std::int64_t n) {
  constexpr std::int64_t kLine = 64 / sizeof(T);
  for (std::int64_t i = 0; i < n; i += kLine) __builtin_prefetch(from + i);
}

// A tensor of the index's shape, whose element (.., i, ..) is x(.., index(.., i, ..), ..).
template <class T>
TensorOf<T> pick(const TensorOf<T>& x, std::int64_t dim, const LongTensor& index) {
  const TensorOf<T> result = empty<T>(index.shape());
  Strides beside = x.strides();
  const std::int64_t stride = beside[dim];
  beside[dim] = 0;
  const std::int64_t next = index.stride(dim);
  const std::int64_t* const last =
      index.data() + std::max<std::int64_t>(index.size(dim) - 1, 0) * next;
  parallel_walk<3>(index.shape(), {result.strides(), index.strides(), beside},
                   [&](auto n, const auto& at, const auto& step) {
                     T* const out = result.data() + at[0];
                     const std::int64_t* const positions = index.data() + at[1];
                     const T* const from = x.data() + at[2];
                     if (step[1] == 0 && step[2] == 1) {  // a stretch of x as it lies there
                       // The next may lie anywhere. It comes while this one is copied: a batch of
                       // 64 images from 50,000 takes 10 us then, and 15 without.
                       if (positions < last) fetch(from + positions[next] * stride, n);
                       std::copy_n(from + *positions * stride, n, out);
                       return;
                     }
                     for (std::int64_t i = 0; i < n; ++i) {
                       out[i * step[0]] = from[i * step[2] + positions[i * step[1]] * stride];
                     }
                   });
  return result;
}

template <class T>
TensorOf<T> TensorOf<T>::index_select(std::int64_t d, const LongTensor& index) const {
  d = checked_dim(d);
  if (index.dim() > 1) throw IndexError("index_select(): Index is supposed to be a vector");
  check_indices(index, size(d), [](auto) { throw IndexError("index out of range in self"); });
  Shape shape = this->shape(), column;
  shape[d] = index.numel();
  for (std::int64_t i = 0; i < dim(); ++i) column.push_back(i == d ? index.numel() : 1);
  return pick(*this, d, index.reshape(column).expand(shape));
}

template <class T>
TensorOf<T> TensorOf<T>::gather(std::int64_t d, const LongTensor& index) const {
  if (index.dim() != dim()) {
    throw ShapeError(
        "Index tensor must have the same number of dimensions as input tensor, but they have " +
        std::to_string(index.dim()) + " and " + std::to_string(dim()));
  }
  d = checked_dim(d);
  for (std::int64_t i = 0; i < dim(); ++i) {
    if (i != d && index.size(i) > size(i)) {
      throw ShapeError("Size does not match at dimension " + std::to_string(i) +
                       " expected index " + bracketed(index.shape()) +
                       " to be no larger than self " + bracketed(shape()) +
                       " apart from dimension " + std::to_string(d));
    }
  }
  check_indices(index, size(d), [&](auto position) { layout().throw_out_of_bounds(position, d); });
  return pick(*this, d, index);
}

}  // namespace foundations
