// The operators of ops.h and the pointwise functions that tensor.h declares.
#pragma once

#include <cmath>
#include <functional>
#include <string>

#include "common/tensor/exp_log.h"
#include "common/tensor/ops.h"
#include "common/tensor/overlap.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {

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
  parallel_walk<2>(x.shape(), {result.strides(), x.strides()},
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
  parallel_walk<3>(
      shape, {result.strides(), a.layout().expand(shape).strides, b.layout().expand(shape).strides},
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

// Writes n elements side by side, from x where the condition holds and else from y. The choice is
// read as bytes: of bools GCC 12 makes no vectors, and the processor guesses every second branch
// wrong.
template <class T>
void choose_row(std::int64_t n, T* out, const bool* chosen, const T* x, std::int64_t x_step,
                const T* y, std::int64_t y_step) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(chosen);
  const auto each = [=](auto with_x, auto with_y) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
      const T a = x[with_x ? i : 0], b = y[with_y ? i : 0];
      out[i] = bytes[i] != 0 ? a : b;
    }
  };
  constexpr std::true_type kYes;
  constexpr std::false_type kNo;
  if (x_step == 0) return y_step == 0 ? each(kNo, kNo) : each(kNo, kYes);
  return y_step == 0 ? each(kYes, kNo) : each(kYes, kYes);
}

template <class T>
TensorOf<T> select_where(const BoolTensor& condition, const Operand<T>& a, const Operand<T>& b) {
  const Shape shape =
      broadcast_shapes(broadcast_shapes(condition.shape(), a.layout().shape), b.layout().shape);
  const auto lies_alike = [&](const Layout& x) {
    return x.shape != shape || x.strides == condition.strides();
  };
  const bool keeps_order =
      condition.shape() == shape && lies_alike(a.layout()) && lies_alike(b.layout());
  const TensorOf<T> result = keeps_order ? empty_like<T>(condition) : empty<T>(shape);
  T* const out = result.data();
  const bool* const choice = condition.data();
  const T *const x = a.data(), *const y = b.data();
  parallel_walk<4>(shape,
                   {result.strides(), condition.expand(shape).strides(),
                    a.layout().expand(shape).strides, b.layout().expand(shape).strides},
                   [=](auto n, const auto& at, const auto& step) {
                     T* const to = out + at[0];
                     const bool* const chosen = choice + at[1];
                     const T *const p = x + at[2], *const q = y + at[3];
                     if (step[0] == 1 && step[1] == 1 && step[2] <= 1 && step[3] <= 1) {
                       choose_row(n, to, chosen, p, step[2], q, step[3]);
                     } else {
                       for (std::int64_t i = 0; i < n; ++i) {
                         to[i * step[0]] = chosen[i * step[1]] ? p[i * step[2]] : q[i * step[3]];
                       }
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

// Comparisons with NaN are false: one in x stays, and one as the bound is asked for.
template <class T>
TensorOf<T> TensorOf<T>::clamp_min(ScalarOf<T> low) const requires Number<T> {
  return map(*this, [low = T(low)](T x) { return x < low || is_nan(low) ? low : x; });
}

template <class T>
TensorOf<T> TensorOf<T>::clamp_max(ScalarOf<T> high) const requires Number<T> {
  return map(*this, [high = T(high)](T x) { return x > high || is_nan(high) ? high : x; });
}

template <class T>
TensorOf<T> TensorOf<T>::sqrt() const requires std::floating_point<T> {
  // T(...), since Clang 14 compiles it for int64 as well, whatever it requires.
  return map(*this, [](T x) { return T(std::sqrt(x)); });
}

template <class T>
TensorOf<T> TensorOf<T>::exp() const requires std::floating_point<T> {
  return map(*this, [](T x) { return exp_of(x); });
}

template <class T>
TensorOf<T> TensorOf<T>::log() const requires std::floating_point<T> {
  return map(*this, [](T x) { return log_of(x); });
}

}  // namespace foundations
