#include "common/ops.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "common/fold.h"

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
const TensorOf<T>& TensorOf<T>::operator+=(T other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kAdd, other);
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator-=(T other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kSubtract, other);
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator*=(T other) const requires Number<T> {
  return update<T>(*this, Arithmetic::kMultiply, other);
}
template <class T>
const TensorOf<T>& TensorOf<T>::operator/=(T other) const requires std::floating_point<T> {
  return update<T>(*this, Arithmetic::kDivide, other);
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
TensorOf<T> TensorOf<T>::pow(T exponent) const requires Number<T> {
  if (exponent == 2) return *this * *this;
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
TensorOf<T> TensorOf<T>::clamp_min(T low) const requires Number<T> {
  return map(*this, [low](T x) { return x < low ? low : x; });
}

template <class T>
TensorOf<T> TensorOf<T>::clamp_max(T high) const requires Number<T> {
  return map(*this, [high](T x) { return x > high ? high : x; });
}

template <class T>
TensorOf<T> TensorOf<T>::sqrt() const requires std::floating_point<T> {
  return map(*this, [](T x) { return std::sqrt(x); });
}

template <class T>
TensorOf<T> TensorOf<T>::exp() const requires std::floating_point<T> {
  return map(*this, [](T x) { return std::exp(x); });
}

template <class T>
TensorOf<T> TensorOf<T>::log() const requires std::floating_point<T> {
  return map(*this, [](T x) { return std::log(x); });
}

// ---- Reductions

namespace {

// Sums run in double for float and double, and modulo 2^64 for integers and bools. Eight floats
// are added as floats first: three roundings, and an eighth of the widening.
template <class T>
struct Sum {
  using Running = std::conditional_t<std::floating_point<T>, double, std::uint64_t>;
  using First = std::conditional_t<std::floating_point<T>, T, std::uint64_t>;
  Running start = 0;
  Running add(Running so_far, const std::array<T, 1>& x, std::int64_t) const {
    return so_far + static_cast<Running>(x[0]);
  }
  Running add(Running so_far, const std::array<T, 8>& x, std::int64_t) const {
    return so_far +
           static_cast<Running>(((First(x[0]) + First(x[1])) + (First(x[2]) + First(x[3]))) +
                                ((First(x[4]) + First(x[5])) + (First(x[6]) + First(x[7]))));
  }
  Running merge(Running a, Running b) const { return a + b; }
};

// Squared distances from the mean of each output.
template <class T>
struct SquaredDistance {
  using Running = double;
  const double* mean;
  Running start = 0;
  template <std::size_t n>
  Running add(Running so_far, const std::array<T, n>& elements, std::int64_t output) const {
    for (const T x : elements) {
      const double distance = static_cast<double>(x) - mean[output];
      so_far += distance * distance;
    }
    return so_far;
  }
  Running merge(Running a, Running b) const { return a + b; }
};

// The greatest element, or with kSign = -1 the least; a NaN is kept once it has been met.
template <class T, int kSign>
struct Extreme {
  using Running = T;
  using Limits = std::numeric_limits<T>;
  Running start = kSign > 0 ? (Limits::has_infinity ? -Limits::infinity() : Limits::lowest())
                            : (Limits::has_infinity ? Limits::infinity() : Limits::max());
  template <std::size_t n>
  Running add(Running so_far, const std::array<T, n>& elements, std::int64_t) const {
    for (const T x : elements) so_far = merge(so_far, x);
    return so_far;
  }
  Running merge(Running a, Running b) const {
    const bool beyond = kSign > 0 ? b > a : b < a;
    return beyond || b != b ? b : a;
  }
};

// A tensor and the dimension to reduce. A scalar counts as a vector of one element.
struct Reduction {
  template <class T>
  Reduction(const TensorOf<T>& x, std::int64_t d, bool keepdim)
      : layout(x.dim() == 0 ? x.layout().unsqueeze(0) : x.layout()), dim(wrap_dim(d, x.dim())) {
    shape = x.shape();
    if (x.dim() > 0 && keepdim) shape[dim] = 1;
    if (x.dim() > 0 && !keepdim) shape.erase(dim);
  }
  std::int64_t length() const { return layout.shape[dim]; }

  Layout layout;
  std::int64_t dim;
  Shape shape;  // the result's
};

template <class T>
constexpr const char* type_name() {
  return std::same_as<T, bool> ? "Bool" : std::same_as<T, std::int64_t> ? "Long" : "Float";
}

template <class T>
void check_has_mean() {
  if (!std::floating_point<T>) {
    throw TypeError(
        std::string("mean(): could not infer output dtype. Input dtype must be either a floating "
                    "point or complex dtype. Got: ") +
        type_name<T>());
  }
}

template <class T>
void check_has_var() {
  if (!std::floating_point<T>) {
    throw TypeError("std and var only support floating point and complex dtypes");
  }
}

// Sum of squared distances -> variance or standard deviation.
double unbiased(double squares, std::int64_t n, bool root) {
  const double var = n > 1 ? squares / (n - 1) : std::numeric_limits<double>::quiet_NaN();
  return root ? std::sqrt(var) : var;
}

template <class T>
TensorOf<T> spread(const TensorOf<T>& x, bool root) {
  check_has_var<T>();
  const double mean = fold_all(x.data(), x.layout(), Sum<T>()) / x.numel();
  const double squares = fold_all(x.data(), x.layout(), SquaredDistance<T>{&mean});
  return full<T>({}, static_cast<T>(unbiased(squares, x.numel(), root)));
}

template <class T>
TensorOf<T> spread(const TensorOf<T>& x, std::int64_t dim, bool keepdim, bool root) {
  check_has_var<T>();
  const Reduction along(x, dim, keepdim);
  const TensorOf<T> result = empty<T>(along.shape);
  std::vector<double> means(result.numel());
  fold(x.data(), along.layout, along.dim, Sum<T>(),
       [&](std::int64_t i, double sum) { means[i] = sum / along.length(); });
  fold(x.data(), along.layout, along.dim, SquaredDistance<T>{means.data()},
       [&](std::int64_t i, double squares) {
         result.data()[i] = static_cast<T>(unbiased(squares, along.length(), root));
       });
  return result;
}

void check_not_empty(const std::string& operation, std::int64_t numel) {
  if (numel == 0) {
    throw IndexError(operation +
                     "(): Expected reduction dim to be specified for input.numel() == 0. Specify "
                     "the reduction dim with the 'dim' argument.");
  }
}

void check_not_empty(const std::string& operation, const Reduction& along) {
  if (along.length() == 0) {
    throw IndexError(operation + "(): Expected reduction dim " + std::to_string(along.dim) +
                     " to have non-zero size.");
  }
}

template <int kSign, class T>
TensorOf<T> extreme(const TensorOf<T>& x) {
  check_not_empty(kSign > 0 ? "max" : "min", x.numel());
  return full<T>({}, fold_all(x.data(), x.layout(), Extreme<T, kSign>()));
}

template <int kSign, class T>
TensorOf<T> extreme(const TensorOf<T>& x, std::int64_t dim, bool keepdim) {
  const Reduction along(x, dim, keepdim);
  check_not_empty(kSign > 0 ? "max" : "min", along);
  const TensorOf<T> result = empty<T>(along.shape);
  fold(x.data(), along.layout, along.dim, Extreme<T, kSign>(),
       [&](std::int64_t i, T value) { result.data()[i] = value; });
  return result;
}

}  // namespace

template <class T>
TensorOf<SumOf<T>> TensorOf<T>::sum() const {
  return full<SumOf<T>>({}, fold_all(data(), layout(), Sum<T>()));
}

template <class T>
TensorOf<SumOf<T>> TensorOf<T>::sum(std::int64_t dim, bool keepdim) const {
  const Reduction along(*this, dim, keepdim);
  const TensorOf<SumOf<T>> result = empty<SumOf<T>>(along.shape);
  fold(data(), along.layout, along.dim, Sum<T>(),
       [&](std::int64_t i, typename Sum<T>::Running sum) { result.data()[i] = sum; });
  return result;
}

template <class T>
TensorOf<T> TensorOf<T>::mean() const {
  check_has_mean<T>();
  return full<T>({}, fold_all(data(), layout(), Sum<T>()) / static_cast<double>(numel()));
}

template <class T>
TensorOf<T> TensorOf<T>::mean(std::int64_t dim, bool keepdim) const {
  check_has_mean<T>();
  const Reduction along(*this, dim, keepdim);
  const TensorOf result = empty<T>(along.shape);
  const double n = along.length();
  fold(data(), along.layout, along.dim, Sum<T>(),
       [&](std::int64_t i, typename Sum<T>::Running sum) { result.data()[i] = sum / n; });
  return result;
}

template <class T>
TensorOf<T> TensorOf<T>::var() const {
  return spread(*this, false);
}

template <class T>
TensorOf<T> TensorOf<T>::var(std::int64_t dim, bool keepdim) const {
  return spread(*this, dim, keepdim, false);
}

template <class T>
TensorOf<T> TensorOf<T>::std() const {
  return spread(*this, true);
}

template <class T>
TensorOf<T> TensorOf<T>::std(std::int64_t dim, bool keepdim) const {
  return spread(*this, dim, keepdim, true);
}

template <class T>
TensorOf<T> TensorOf<T>::max() const {
  return extreme<1>(*this);
}

template <class T>
TensorOf<T> TensorOf<T>::max(std::int64_t dim, bool keepdim) const {
  return extreme<1>(*this, dim, keepdim);
}

template <class T>
TensorOf<T> TensorOf<T>::min() const {
  return extreme<-1>(*this);
}

template <class T>
TensorOf<T> TensorOf<T>::min(std::int64_t dim, bool keepdim) const {
  return extreme<-1>(*this, dim, keepdim);
}

template <class T>
LongTensor TensorOf<T>::argmax() const {
  check_not_empty("argmax", numel());
  return contiguous().view({numel()}).argmax(0);
}

template <class T>
LongTensor TensorOf<T>::argmax(std::int64_t dim, bool keepdim) const {
  const Reduction along(*this, dim, keepdim);
  check_not_empty("argmax", along);
  const TensorOf greatest = max(dim);
  const LongTensor result = empty<std::int64_t>(along.shape);
  Layout starts = along.layout.select(along.dim, 0);
  const std::int64_t step = along.layout.strides[along.dim];
  walk<3>(greatest.shape(), {greatest.strides(), starts.strides, greatest.strides()},
          [&](auto n, const auto& at, const auto& steps) {
            for (std::int64_t i = 0; i < n; ++i) {
              const T value = greatest.data()[at[0] + i * steps[0]];
              const T* const x = data() + at[1] + i * steps[1];
              std::int64_t k = 0;
              while (!(x[k * step] == value || (value != value && x[k * step] != x[k * step]))) ++k;
              result.data()[at[2] + i * steps[2]] = k;
            }
          });
  return result;
}

// ---- Every type

template class TensorOf<float>;
template class TensorOf<double>;
template class TensorOf<std::int64_t>;
// Bools have reductions and no arithmetic.
template LongTensor BoolTensor::sum() const;
template LongTensor BoolTensor::sum(std::int64_t, bool) const;
template BoolTensor BoolTensor::mean() const;
template BoolTensor BoolTensor::mean(std::int64_t, bool) const;
template BoolTensor BoolTensor::var() const;
template BoolTensor BoolTensor::var(std::int64_t, bool) const;
template BoolTensor BoolTensor::std() const;
template BoolTensor BoolTensor::std(std::int64_t, bool) const;
template BoolTensor BoolTensor::max() const;
template BoolTensor BoolTensor::max(std::int64_t, bool) const;
template BoolTensor BoolTensor::min() const;
template BoolTensor BoolTensor::min(std::int64_t, bool) const;
template LongTensor BoolTensor::argmax() const;
template LongTensor BoolTensor::argmax(std::int64_t, bool) const;

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
