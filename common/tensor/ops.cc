#include "common/tensor/ops.h"

#include <cmath>
#include <functional>
#include <string>

#include "common/tensor/overlap.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {
namespace {

// ---- Elementwise: out[i] = f(a[i], b[i], ...)

// `omp simd` says that elements do not depend on each other: an output may be an input itself
// (x += 1), never a shifted one, which the checks below refuse.

template <class Out, class T, class F>
void map_row(std::int64_t n, Out* out, std::int64_t out_step, const T* a, std::int64_t a_step,
             F f) {
  if (out_step == 1 && a_step == 1) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) out[i] = f(a[i]);
  } else {
    for (std::int64_t i = 0; i < n; ++i) out[i * out_step] = f(a[i * a_step]);
  }
}

// Rows that are contiguous, or stand still at a stretched element, are the ones worth vectors.
template <class Out, class T, class F>
void map_row(std::int64_t n, Out* out, std::int64_t out_step, const T* a, std::int64_t a_step,
             const T* b, std::int64_t b_step, F f) {
  if (a_step == 0) {
    map_row(n, out, out_step, b, b_step, [f, x = *a](T y) { return f(x, y); });
  } else if (b_step == 0) {
    map_row(n, out, out_step, a, a_step, [f, y = *b](T x) { return f(x, y); });
  } else if (out_step == 1 && a_step == 1 && b_step == 1) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) out[i] = f(a[i], b[i]);
  } else {
    for (std::int64_t i = 0; i < n; ++i) out[i * out_step] = f(a[i * a_step], b[i * b_step]);
  }
}

template <class T, class F>
TensorOf<T> map(const TensorOf<T>& x, F f) {
  const TensorOf<T> result = empty_like<T>(x);
  T* const out = result.data();
  const T* const in = x.data();
  walk<2>(x.shape(), {result.strides(), x.strides()},
          [=](auto n, const auto& at, const auto& step) {
            map_row(n, out + at[0], step[0], in + at[1], step[1], f);
          });
  return result;
}

template <class Out, class T, class F>
void map_into(const TensorOf<Out>& result, const Operand<T>& a, const Operand<T>& b, F f) {
  Out* const out = result.data();
  const T *const x = a.data(), *const y = b.data();
  const Shape& shape = result.shape();
  walk<3>(shape,
          {result.strides(), a.layout().expand(shape).strides, b.layout().expand(shape).strides},
          [=](auto n, const auto& at, const auto& step) {
            map_row(n, out + at[0], step[0], x + at[1], step[1], y + at[2], step[2], f);
          });
}

// The tensor for the result of an operator. Like PyTorch's it lies in memory as its operands do:
// the sum of two transposes is written in their order.
template <class Out, class T>
TensorOf<Out> result_of(const Operand<T>& a, const Operand<T>& b) {
  const Layout in_a = a.layout(), in_b = b.layout();
  const Shape shape = broadcast_shapes(in_a.shape, in_b.shape);
  const bool whole_a = in_a.shape == shape, whole_b = in_b.shape == shape;
  if (a.tensor() && whole_a && (!whole_b || in_a.strides == in_b.strides)) {
    return empty_like<Out>(*a.tensor());
  }
  if (b.tensor() && whole_b && !whole_a) return empty_like<Out>(*b.tensor());
  return empty<Out>(shape);
}

// Integers are calculated with as unsigned ones, which wrap around.
template <class T>
using Wrapping = std::conditional_t<std::same_as<T, std::int64_t>, std::uint64_t, T>;

// Calls use(f) with the function that `op` names.
template <class T, class Use>
void with_function(Arithmetic op, Use use) {
  switch (op) {
    case Arithmetic::kAdd:
      return use(std::plus<Wrapping<T>>());
    case Arithmetic::kSubtract:
      return use(std::minus<Wrapping<T>>());
    case Arithmetic::kMultiply:
      return use(std::multiplies<Wrapping<T>>());
    case Arithmetic::kDivide:
      if constexpr (std::floating_point<T>) return use(std::divides<T>());
  }
}

template <class T, class Use>
void with_function(Comparison op, Use use) {
  switch (op) {
    case Comparison::kEqual:
      return use(std::equal_to<T>());
    case Comparison::kNotEqual:
      return use(std::not_equal_to<T>());
    case Comparison::kLess:
      return use(std::less<T>());
    case Comparison::kLessEqual:
      return use(std::less_equal<T>());
    case Comparison::kGreater:
      return use(std::greater<T>());
    case Comparison::kGreaterEqual:
      return use(std::greater_equal<T>());
  }
}

template <class T>
const TensorOf<T>& update(const TensorOf<T>& out, Arithmetic op, const Operand<T>& other) {
  const Shape shape = broadcast_shapes(out.shape(), other.layout().shape);
  if (!(shape == out.shape())) {
    throw ShapeError("output with shape " + bracketed(out.shape()) +
                     " doesn't match the broadcast shape " + bracketed(shape));
  }
  check_written_once(out.layout());
  if (other.tensor() && other.tensor()->storage().data() == out.storage().data()) {
    check_no_partial_overlap(out.layout(), other.layout().expand(shape));
  }
  with_function<T>(op, [&](auto f) { map_into<T, T>(out, out, other, f); });
  return out;
}

}  // namespace

template <Number T>
TensorOf<T> arithmetic(Arithmetic op, const Operand<T>& a, const Operand<T>& b) {
  const TensorOf<T> result = result_of<T>(a, b);
  with_function<T>(op, [&](auto f) { map_into(result, a, b, f); });
  return result;
}

template <class T>
BoolTensor compare(Comparison op, const Operand<T>& a, const Operand<T>& b) {
  const BoolTensor result = result_of<bool>(a, b);
  with_function<T>(op, [&](auto f) { map_into(result, a, b, f); });
  return result;
}

template <class T>
TensorOf<T> select_where(const BoolTensor& condition, const Operand<T>& a, const Operand<T>& b) {
  const Shape shape =
      broadcast_shapes(broadcast_shapes(condition.shape(), a.layout().shape), b.layout().shape);
  const TensorOf<T> result = empty<T>(shape);
  T* const out = result.data();
  const bool* const choice = condition.data();
  const T *const x = a.data(), *const y = b.data();
  walk<4>(shape,
          {result.strides(), condition.expand(shape).strides(), a.layout().expand(shape).strides,
           b.layout().expand(shape).strides},
          [=](auto n, const auto& at, const auto& step) {
            for (std::int64_t i = 0; i < n; ++i) {
              out[at[0] + i * step[0]] =
                  choice[at[1] + i * step[1]] ? x[at[2] + i * step[2]] : y[at[3] + i * step[3]];
            }
          });
  return result;
}

template <class T>
const TensorOf<T>& TensorOf<T>::operator+=(const TensorOf& other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kAdd, other);
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator-=(const TensorOf& other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kSubtract, other);
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator*=(const TensorOf& other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kMultiply, other);
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator/=(
    const TensorOf& other) const requires std::floating_point<T> {
  return update<T>(*this, Arithmetic::kDivide, other);
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator+=(ScalarOf<T> other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kAdd, T(other));
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator-=(ScalarOf<T> other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kSubtract, T(other));
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator*=(ScalarOf<T> other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kMultiply, T(other));
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator/=(
    ScalarOf<T> other) const requires std::floating_point<T> {
  return update<T>(*this, Arithmetic::kDivide, T(other));
}

// ---- Pointwise functions

template <class T>
TensorOf<T> TensorOf<T>::abs() const requires Number<T> {
  if constexpr (std::floating_point<T>) {
    return map(*this, [](T x) { return std::abs(x); });
  } else {
    return map(*this, [](T x) { return x < 0 ? T(-Wrapping<T>(x)) : x; });
  }
}

template <class T>
TensorOf<T> TensorOf<T>::pow(ScalarOf<T> scalar) const requires Number<T> {
  const T exponent = scalar;
  if (exponent == 2) return map(*this, [](Wrapping<T> x) { return T(x * x); });
  if constexpr (std::floating_point<T>) {
    return map(*this, [exponent](T x) { return std::pow(x, exponent); });
  } else {
    if (exponent < 0) throw TypeError("Integers to negative integer powers are not allowed.");
    return map(*this, [exponent](Wrapping<T> x) {  // by squares: x^13 = x * x^4 * x^8
      Wrapping<T> power = 1;
      for (T bits = exponent; bits > 0; bits >>= 1, x *= x) power *= bits & 1 ? x : 1;
      return power;
    });
  }
}

// The comparisons are written so that NaN, for which they are false, stays.
template <class T>
TensorOf<T> TensorOf<T>::clamp_min(ScalarOf<T> low) const requires Number<T> {
  return map(*this, [low = T(low)](T x) { return x < low ? low : x; });
}

template <class T>
TensorOf<T> TensorOf<T>::clamp_max(ScalarOf<T> high) const requires Number<T> {
  return map(*this, [high = T(high)](T x) { return x > high ? high : x; });
}

// T(...), since Clang 14 compiles the three for int64 as well, whatever they require.

template <class T>
TensorOf<T> TensorOf<T>::sqrt() const requires std::floating_point<T> {
  return map(*this, [](T x) { return T(std::sqrt(x)); });
}

template <class T>
TensorOf<T> TensorOf<T>::exp() const requires std::floating_point<T> {
  return map(*this, [](T x) { return T(std::exp(x)); });
}

template <class T>
TensorOf<T> TensorOf<T>::log() const requires std::floating_point<T> {
  return map(*this, [](T x) { return T(std::log(x)); });
}

// ---- arange

namespace {

// How many numbers arange() makes; -1 where it cannot.
std::int64_t count_steps(double start, double end, double step) {
  const double steps = (end - start) / step, count = std::ceil(steps);
  return steps >= 0 && count < 0x1p63 ? static_cast<std::int64_t>(count) : -1;
}
std::int64_t count_steps(std::int64_t start, std::int64_t end, std::int64_t step) {
  std::int64_t distance = 0;
  if (step == 0 || __builtin_sub_overflow(end, start, &distance)) return -1;
  if (step < 0 ? distance > 0 || distance < -std::numeric_limits<std::int64_t>::max()
               : distance < 0) {
    return -1;
  }
  return distance / step + (distance % step != 0);
}

template <class T, class Exact>
TensorOf<T> steps_between(Exact start, Exact end, Exact step) {
  const std::int64_t count = count_steps(start, end, step);
  if (count < 0) {
    throw ShapeError("arange() cannot go from " + std::to_string(start) + " to " +
                     std::to_string(end) + " in steps of " + std::to_string(step));
  }
  const auto result = empty<T>({count});
  for (std::int64_t i = 0; i < count; ++i) result(i) = static_cast<T>(start + i * step);
  return result;
}

}  // namespace

LongTensor arange_of(std::int64_t start, std::int64_t end, std::int64_t step) {
  return steps_between<std::int64_t>(start, end, step);
}
Tensor arange_of(double start, double end, double step) {
  return steps_between<float>(start, end, step);
}

// ---- Every type

template class TensorOf<float>;
template class TensorOf<double>;
template class TensorOf<std::int64_t>;
template class TensorOf<bool>;

template struct Nested<float>;
template struct Nested<double>;
template struct Nested<std::int64_t>;
template struct Nested<bool>;

template Tensor from_vector(const std::vector<float>&, const Shape&);
template DoubleTensor from_vector(const std::vector<double>&, const Shape&);
template LongTensor from_vector(const std::vector<std::int64_t>&, const Shape&);
template BoolTensor from_vector(const std::vector<bool>&, const Shape&);

template Tensor arithmetic(Arithmetic, const Operand<float>&, const Operand<float>&);
template DoubleTensor arithmetic(Arithmetic, const Operand<double>&, const Operand<double>&);
template LongTensor arithmetic(Arithmetic, const Operand<std::int64_t>&,
                               const Operand<std::int64_t>&);

template BoolTensor compare(Comparison, const Operand<float>&, const Operand<float>&);
template BoolTensor compare(Comparison, const Operand<double>&, const Operand<double>&);
template BoolTensor compare(Comparison, const Operand<std::int64_t>&, const Operand<std::int64_t>&);
template BoolTensor compare(Comparison, const Operand<bool>&, const Operand<bool>&);

template Tensor select_where(const BoolTensor&, const Operand<float>&, const Operand<float>&);
template DoubleTensor select_where(const BoolTensor&, const Operand<double>&,
                                   const Operand<double>&);
template LongTensor select_where(const BoolTensor&, const Operand<std::int64_t>&,
                                 const Operand<std::int64_t>&);
template BoolTensor select_where(const BoolTensor&, const Operand<bool>&, const Operand<bool>&);

}  // namespace foundations
