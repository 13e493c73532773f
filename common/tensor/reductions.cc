// The reductions that tensor.h declares: sum, mean, var, std, max, min, argmax.
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "common/tensor/fold.h"
#include "common/tensor/tensor.h"

namespace foundations {
namespace {

// Sums run in double for float and double, and modulo 2^64 for integers and bools. Eight elements
// are added in type First before that: for floats an eighth of the widening, and three roundings,
// so that where terms cancel the sum is off by at most 3 * 2^-24 * sum|x|.
template <class T, class First = std::conditional_t<std::floating_point<T>, T, std::uint64_t>>
struct Sum {
  using Running = std::conditional_t<std::floating_point<T>, double, std::uint64_t>;
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

template <class T>
bool is_nan(T x) {
  if constexpr (std::floating_point<T>) return x != x;
  return false;
}

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
    return beyond || is_nan(b) ? b : a;
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
  const double mean = fold_all(x.data(), x.layout(), Sum<T, double>()) / x.numel();
  const double squares = fold_all(x.data(), x.layout(), SquaredDistance<T>{&mean});
  return full<T>({}, static_cast<T>(unbiased(squares, x.numel(), root)));
}

template <class T>
TensorOf<T> spread(const TensorOf<T>& x, std::int64_t dim, bool keepdim, bool root) {
  check_has_var<T>();
  const Reduction along(x, dim, keepdim);
  const TensorOf<T> result = empty<T>(along.shape);
  std::vector<double> means(result.numel());
  fold(x.data(), along.layout, along.dim, Sum<T, double>(),
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
       [&](std::int64_t i, auto sum) { result.data()[i] = static_cast<SumOf<T>>(sum); });
  return result;
}

template <class T>
TensorOf<T> TensorOf<T>::mean() const {
  check_has_mean<T>();
  return full<T>(
      {}, static_cast<T>(fold_all(data(), layout(), Sum<T>()) / static_cast<double>(numel())));
}

template <class T>
TensorOf<T> TensorOf<T>::mean(std::int64_t dim, bool keepdim) const {
  check_has_mean<T>();
  const Reduction along(*this, dim, keepdim);
  const TensorOf result = empty<T>(along.shape);
  const double n = along.length();
  fold(data(), along.layout, along.dim, Sum<T>(),
       [&](std::int64_t i, auto sum) { result.data()[i] = static_cast<T>(sum / n); });
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
              const auto is_greatest = [value](T element) {
                return element == value || (is_nan(value) && is_nan(element));
              };
              std::int64_t k = 0;
              while (k + 1 < along.length() && !is_greatest(x[k * step])) ++k;
              result.data()[at[2] + i * steps[2]] = k;
            }
          });
  return result;
}

// ---- Every type

template Tensor Tensor::sum() const;
template Tensor Tensor::sum(std::int64_t, bool) const;
template Tensor Tensor::mean() const;
template Tensor Tensor::mean(std::int64_t, bool) const;
template Tensor Tensor::var() const;
template Tensor Tensor::var(std::int64_t, bool) const;
template Tensor Tensor::std() const;
template Tensor Tensor::std(std::int64_t, bool) const;
template Tensor Tensor::max() const;
template Tensor Tensor::max(std::int64_t, bool) const;
template Tensor Tensor::min() const;
template Tensor Tensor::min(std::int64_t, bool) const;
template LongTensor Tensor::argmax() const;
template LongTensor Tensor::argmax(std::int64_t, bool) const;

template DoubleTensor DoubleTensor::sum() const;
template DoubleTensor DoubleTensor::sum(std::int64_t, bool) const;
template DoubleTensor DoubleTensor::mean() const;
template DoubleTensor DoubleTensor::mean(std::int64_t, bool) const;
template DoubleTensor DoubleTensor::var() const;
template DoubleTensor DoubleTensor::var(std::int64_t, bool) const;
template DoubleTensor DoubleTensor::std() const;
template DoubleTensor DoubleTensor::std(std::int64_t, bool) const;
template DoubleTensor DoubleTensor::max() const;
template DoubleTensor DoubleTensor::max(std::int64_t, bool) const;
template DoubleTensor DoubleTensor::min() const;
template DoubleTensor DoubleTensor::min(std::int64_t, bool) const;
template LongTensor DoubleTensor::argmax() const;
template LongTensor DoubleTensor::argmax(std::int64_t, bool) const;

template LongTensor LongTensor::sum() const;
template LongTensor LongTensor::sum(std::int64_t, bool) const;
template LongTensor LongTensor::mean() const;
template LongTensor LongTensor::mean(std::int64_t, bool) const;
template LongTensor LongTensor::var() const;
template LongTensor LongTensor::var(std::int64_t, bool) const;
template LongTensor LongTensor::std() const;
template LongTensor LongTensor::std(std::int64_t, bool) const;
template LongTensor LongTensor::max() const;
template LongTensor LongTensor::max(std::int64_t, bool) const;
template LongTensor LongTensor::min() const;
template LongTensor LongTensor::min(std::int64_t, bool) const;
template LongTensor LongTensor::argmax() const;
template LongTensor LongTensor::argmax(std::int64_t, bool) const;

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

}  // namespace foundations
