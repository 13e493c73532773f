// The bodies of tensor.h's templates, but for the few that are worth inlining; ops_bodies.h and
// reductions_bodies.h have the arithmetic. They are compiled once for each type, in float.cc,
// double.cc, int64.cc and bool.cc, and included by nothing else.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "common/tensor/overlap.h"
#include "common/tensor/tensor.h"
#include "common/tensor/walk.h"

namespace foundations {

template <class T>
bool is_nan(T x) {
  if constexpr (std::floating_point<T>) return x != x;
  return false;
}

template <class T>
TensorOf<T>::TensorOf() : TensorOf(Storage<T>(), Layout::contiguous({0})) {}

template <class T>
TensorOf<T>::TensorOf(const Storage<T>& storage, const Layout& layout)
    : impl_(std::make_shared<Impl>(Impl{storage, layout, nullptr})) {}

template <class T>
TensorOf<T>::~TensorOf() = default;

template <class T>
TensorOf<T> TensorOf<T>::with(const Layout& layout) const {
  return TensorOf(storage(), layout);
}

template <class T>
TensorOf<T> TensorOf<T>::index(std::initializer_list<Index> indices) const {
  return with(layout().index(indices));
}

template <class T>
T TensorOf<T>::item() const {
  if (numel() != 1) {
    throw ShapeError("a Tensor with " + std::to_string(numel()) +
                     " elements cannot be converted to Scalar");
  }
  return *data();
}

template <class T>
std::vector<T> TensorOf<T>::to_vector() const {
  const TensorOf ordered = contiguous();
  return std::vector<T>(ordered.data(), ordered.data() + numel());
}

template <class T>
std::int64_t TensorOf<T>::checked_dim(std::int64_t d) const {
  if (dim() == 0) {
    throw IndexError("Dimension specified as " + std::to_string(d) +
                     " but tensor has no dimensions");
  }
  return wrap_dim(d, dim());
}

template <class T>
TensorOf<T> TensorOf<T>::t() const {
  if (dim() > 2) {
    throw ShapeError("t() expects a tensor with <= 2 dimensions, but self is " +
                     std::to_string(dim()) + "D");
  }
  return dim() == 2 ? transpose(0, 1) : with(layout());
}

template <class T>
TensorOf<T> TensorOf<T>::as_strided(const Shape& shape, const Strides& strides,
                                    std::int64_t offset) const {
  if (shape.size() != strides.size()) {
    throw ShapeError("as_strided() takes one stride for each size, but got sizes " +
                     bracketed(shape) + " and strides " + bracketed(strides));
  }
  const std::int64_t numel = shape.numel();
  std::int64_t reach = offset;  // the last element of storage that would be used
  bool inside = offset >= 0 && offset <= storage().size();
  for (std::int64_t d = 0; d < shape.size() && inside; ++d) {
    const std::int64_t last = std::max<std::int64_t>(shape[d] - 1, 0);
    std::int64_t extent = 0;
    inside = strides[d] >= 0 && !__builtin_mul_overflow(last, strides[d], &extent) &&
             !__builtin_add_overflow(reach, extent, &reach);
  }
  if (!inside || (numel > 0 && reach >= storage().size())) {
    throw ShapeError("as_strided() of sizes " + bracketed(shape) + ", strides " +
                     bracketed(strides) + " and offset " + std::to_string(offset) +
                     " is out of bounds for storage of size " + std::to_string(storage().size()));
  }
  return with({shape, strides, offset});
}

// ---- Copies ------------------------------------------------------------------------------------

template <class T>
TensorOf<T> TensorOf<T>::row_major_copy() const {
  return empty<T>(shape()).copy_(*this);
}

template <class T>
TensorOf<T> TensorOf<T>::clone() const {
  return empty_like<T>(*this).copy_(*this);
}

template <class T>
TensorOf<T> TensorOf<T>::reshape(const Shape& shape) const {
  const std::optional<Layout> same_memory = layout().try_view(shape);
  return same_memory ? with(*same_memory) : row_major_copy().view(shape);
}

// The conversion behind to<U>().
template <class U, class T>
U element_cast(T value) {
  if constexpr (std::same_as<U, bool>) {
    return value != T{0};
  } else if constexpr (std::same_as<U, std::int64_t> && std::floating_point<T>) {
    constexpr T kEnd = 9223372036854775808.0;  // 2^63, the first that does not fit
    return value >= -kEnd && value < kEnd ? static_cast<U>(value)
                                          : std::numeric_limits<std::int64_t>::min();
  } else {
    return static_cast<U>(value);
  }
}

template <class T>
template <class U>
TensorOf<U> TensorOf<T>::to() const {
  const TensorOf<U> result = empty_like<U>(*this);
  U* const out = result.data();
  const T* const in = data();
  parallel_walk<2>(shape(), {result.strides(), strides()},
                   [=](auto n, const auto& at, const auto& step) {
                     U* const to = out + at[0];
                     const T* const from = in + at[1];
                     if (step[0] == 1 && step[1] == 1) {
                       for (std::int64_t i = 0; i < n; ++i) to[i] = element_cast<U>(from[i]);
                     } else {
                       for (std::int64_t i = 0; i < n; ++i)
                         to[i * step[0]] = element_cast<U>(from[i * step[1]]);
                     }
                   });
  return result;
}

// ---- Writes ------------------------------------------------------------------------------------

template <class T>
void TensorOf<T>::operator=(const TensorOf& source) && {
  TensorOf fitting = source;
  while (fitting.dim() > dim() && fitting.size(0) == 1) fitting = fitting[0];
  copy_(fitting);
}

template <class T>
TensorOf<T> TensorOf<T>::copy_(const TensorOf& source) const {
  const Layout from = source.layout().expand(shape());
  check_written_once(layout());
  if (storage().data() == source.storage().data()) check_no_partial_overlap(layout(), from);
  T* const out = data();
  const T* const in = source.data();
  parallel_walk<2>(shape(), {strides(), from.strides},
                   [=](auto n, const auto& at, const auto& step) {
                     if (step[0] == 1 && step[1] == 1) {
                       std::copy_n(in + at[1], n, out + at[0]);
                     } else {
                       for (std::int64_t i = 0; i < n; ++i)
                         out[at[0] + i * step[0]] = in[at[1] + i * step[1]];
                     }
                   });
  return *this;
}

template <class T>
TensorOf<T> TensorOf<T>::fill_(ScalarOf<T> scalar) const {
  const T value = scalar;
  T* const out = data();
  parallel_walk<1>(shape(), {strides()}, [=](auto n, const auto& at, const auto& step) {
    if (step[0] == 1) {
      std::fill_n(out + at[0], n, value);
    } else {
      for (std::int64_t i = 0; i < n; ++i) out[at[0] + i * step[0]] = value;
    }
  });
  return *this;
}

template <class T>
TensorOf<T>& TensorOf<T>::grad() const {
  if (!impl_->grad) impl_->grad = std::make_unique<TensorOf>();
  return *impl_->grad;
}

// ---- Make --------------------------------------------------------------------------------------

template <class T>
TensorOf<T> empty(const Shape& shape) {
  return TensorOf<T>(Storage<T>(shape.numel()), Layout::contiguous(shape));
}

template <class T>
TensorOf<T> from_vector(const std::vector<T>& values, const Shape& shape) {
  if (static_cast<std::int64_t>(values.size()) != shape.numel()) {
    throw ShapeError("shape '" + bracketed(shape) + "' is invalid for input of size " +
                     std::to_string(values.size()));
  }
  const TensorOf<T> result = empty<T>(shape);
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

// Appends the numbers, row-major, and returns their shape.
template <class T>
Shape append(const Nested<T>& nested, std::vector<T>& numbers) {
  if (!nested.is_list) {
    numbers.push_back(nested.number);
    return {};
  }
  Shape inner;
  for (const Nested<T>& item : nested.items) {
    const Shape shape = append(item, numbers);
    if (&item == nested.items.begin()) inner = shape;
    if (!(shape == inner)) {
      throw ShapeError("tensor() takes items of one shape in each pair of braces, but got " +
                       bracketed(inner) + " and " + bracketed(shape));
    }
  }
  inner.insert(0, std::ssize(nested.items));
  return inner;
}

template <class T>
TensorOf<T> from_nested(const Nested<T>& nested) {
  std::vector<T> numbers;
  const Shape shape = append(nested, numbers);
  return from_vector(numbers, shape);
}

}  // namespace foundations
