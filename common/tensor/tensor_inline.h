// The bodies of tensor.h's templates: included by it, and by nothing else.
#pragma once

#include <cmath>

#include "common/tensor/tensor.h"

namespace foundations {

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
template <std::integral... I>
T& TensorOf<T>::at(I... index) const {
  if (sizeof...(I) != static_cast<std::size_t>(dim())) {
    throw IndexError("at() takes one index for each dimension: " + std::to_string(dim()) +
                     ", but got " + std::to_string(sizeof...(I)));
  }
  std::int64_t position = 0;
  [[maybe_unused]] std::int64_t d = -1;  // without an index there is none
  // A fold over the comma: what stands before it is done once for each index.
  ((++d, position += layout().wrap_index(index, d) * strides()[d]), ...);
  return data()[position];
}

template <class T>
template <std::integral... I>
T& TensorOf<T>::operator()(I... index) const {
#ifndef NDEBUG
  T& element = at(index...);
  [[maybe_unused]] std::int64_t d = 0;  // at() took negative indices: here they are refused
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
  walk<2>(shape(), {result.strides(), strides()}, [=](auto n, const auto& at, const auto& step) {
    if (step[0] == 1 && step[1] == 1) {
      std::transform(in + at[1], in + at[1] + n, out + at[0], element_cast<U, T>);
    } else {
      for (std::int64_t i = 0; i < n; ++i) {
        out[at[0] + i * step[0]] = element_cast<U>(in[at[1] + i * step[1]]);
      }
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
  walk<2>(shape(), {strides(), from.strides}, [=](auto n, const auto& at, const auto& step) {
    if (step[0] == 1 && step[1] == 1) {
      std::copy_n(in + at[1], n, out + at[0]);
    } else {
      for (std::int64_t i = 0; i < n; ++i) out[at[0] + i * step[0]] = in[at[1] + i * step[1]];
    }
  });
  return *this;
}

template <class T>
TensorOf<T> TensorOf<T>::fill_(ScalarOf<T> scalar) const {
  const T value = scalar;
  T* const out = data();
  walk<1>(shape(), {strides()}, [=](auto n, const auto& at, const auto& step) {
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

template <class U, class T>
TensorOf<U> empty_like(const TensorOf<T>& like) {
  if (like.is_contiguous() || !is_dense(like.layout())) return empty<U>(like.shape());
  return TensorOf<U>(Storage<U>(like.numel()), {like.shape(), like.strides(), 0});
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

// How many numbers arange() makes; -1 where it cannot.
inline std::int64_t count_steps(double start, double end, double step) {
  const double steps = (end - start) / step, count = std::ceil(steps);
  return steps >= 0 && count < 0x1p63 ? static_cast<std::int64_t>(count) : -1;
}
// In whole numbers: a double would lose those above 2^53.
inline std::int64_t count_steps(std::int64_t start, std::int64_t end, std::int64_t step) {
  std::int64_t distance = 0;
  if (step == 0 || __builtin_sub_overflow(end, start, &distance)) return -1;
  if (step < 0 ? distance > 0 || distance < -std::numeric_limits<std::int64_t>::max()
               : distance < 0) {
    return -1;
  }
  return distance / step + (distance % step != 0);
}

template <class Start, class End, class Step>
auto arange(Start start, End end, Step step) {
  constexpr bool kWhole = std::is_integral_v<decltype(start + end + step)>;
  using Exact = std::conditional_t<kWhole, std::int64_t, double>;
  const Exact first = start, last = end, stride = step;
  const std::int64_t count = count_steps(first, last, stride);
  if (count < 0) {
    throw ShapeError("arange() cannot go from " + std::to_string(first) + " to " +
                     std::to_string(last) + " in steps of " + std::to_string(stride));
  }
  using Element = std::conditional_t<kWhole, std::int64_t, float>;
  const auto result = empty<Element>({count});
  for (std::int64_t i = 0; i < count; ++i) result(i) = static_cast<Element>(first + i * stride);
  return result;
}

template <class T>
Nested<T>::Nested(std::initializer_list<Nested> items) {
  shape.push_back(items.size());
  for (const Nested& item : items) {
    if (!(item.shape == items.begin()->shape)) {
      throw ShapeError("tensor() takes items of one shape in each pair of braces, but got " +
                       bracketed(items.begin()->shape) + " and " + bracketed(item.shape));
    }
    values.insert(values.end(), item.values.begin(), item.values.end());
  }
  if (items.size() > 0) {
    for (const std::int64_t size : items.begin()->shape) shape.push_back(size);
  }
}

}  // namespace foundations
