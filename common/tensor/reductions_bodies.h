// The reductions that tensor.h declares: sum, mean, var, std, max, min, argmax.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "common/tensor/fold.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {

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

// A tensor and the dims to reduce, all if none is named. A scalar counts as a vector of one
// element.
struct Reduction {
  Reduction(const Layout& x, const Dims& dims, bool keepdim) : shape(x.shape) {
    if (dims.empty()) reduced.fill(true);
    for (const std::int64_t dim : dims) {
      bool& named = reduced[wrap_dim(dim, x.dim())];
      if (named) {
        throw ShapeError("dim " + std::to_string(wrap_dim(dim, x.dim())) +
                         " appears multiple times in the list of dims");
      }
      named = true;
    }
    for (std::int64_t d = x.dim() - 1; d >= 0; --d) {
      if (!reduced[d]) continue;
      length *= x.shape[d];
      if (keepdim) shape[d] = 1;
      if (!keepdim) shape.erase(d);
    }
  }

  Shape shape;  // the result's
  Reduced reduced{};
  std::int64_t length = 1;  // elements to each result
};

// A tensor of what `rule` makes of the elements along the dims, each passed through finish().
template <class Out, class T, class Rule, class Finish>
TensorOf<Out> reduce(const TensorOf<T>& x, const Reduction& along, const Rule& rule,
                     const Finish& finish) {
  const TensorOf<Out> result = empty<Out>(along.shape);
  Out* const out = result.data();
  fold(x.data(), x.layout(), along.reduced, rule,
       [&](std::int64_t i, auto running) { out[i] = static_cast<Out>(finish(running)); });
  return result;
}

// The sums, divided by n.
template <class Out, class T>
TensorOf<Out> sum_over(const TensorOf<T>& x, const Reduction& along, std::int64_t n) {
  using Running = typename Sum<T>::Running;
  const Running divisor = static_cast<Running>(n);
  return reduce<Out>(x, along, Sum<T>(), [divisor](Running sum) { return sum / divisor; });
}

// The variance of each result's elements, or its root.
template <class T>
TensorOf<T> spread(const TensorOf<T>& x, const Reduction& along, bool root) {
  const double n = static_cast<double>(along.length);
  const DoubleTensor means =
      reduce<double>(x, along, Sum<T, double>(), [n](double sum) { return sum / n; });
  return reduce<T>(x, along, SquaredDistance<T>{means.data()}, [n, root](double squares) {
    const double var = n > 1 ? squares / (n - 1) : std::numeric_limits<double>::quiet_NaN();
    return root ? std::sqrt(var) : var;
  });
}

inline void check_not_empty(const std::string& operation, const Layout& layout) {
  if (layout.shape.numel() == 0) {
    throw IndexError(operation +
                     "(): Expected reduction dim to be specified for input.numel() == 0. Specify "
                     "the reduction dim with the 'dim' argument.");
  }
}

inline void check_not_empty(const std::string& operation, const Layout& layout, std::int64_t dim) {
  dim = wrap_dim(dim, layout.dim());
  if (layout.dim() > 0 && layout.shape[dim] == 0) {
    throw IndexError(operation + "(): Expected reduction dim " + std::to_string(dim) +
                     " to have non-zero size.");
  }
}

template <int kSign, class T>
TensorOf<T> extreme(const TensorOf<T>& x, const Dims& dims, bool keepdim) {
  return reduce<T>(x, Reduction(x.layout(), dims, keepdim), Extreme<T, kSign>(),
                   [](T value) { return value; });
}

// ---- The reductions

template <class T>
TensorOf<SumOf<T>> TensorOf<T>::sum(const Dims& dims, bool keepdim) const {
  return sum_over<SumOf<T>>(*this, Reduction(layout(), dims, keepdim), 1);
}

template <class T>
TensorOf<T> TensorOf<T>::mean(const Dims& dims,
                              bool keepdim) const requires std::floating_point<T> {
  const Reduction along(layout(), dims, keepdim);
  return sum_over<T>(*this, along, along.length);
}

template <class T>
TensorOf<T> TensorOf<T>::var(const Dims& dims, bool keepdim) const requires std::floating_point<T> {
  return spread(*this, Reduction(layout(), dims, keepdim), false);
}

template <class T>
TensorOf<T> TensorOf<T>::std(const Dims& dims, bool keepdim) const requires std::floating_point<T> {
  return spread(*this, Reduction(layout(), dims, keepdim), true);
}

template <class T>
TensorOf<T> TensorOf<T>::max() const {
  check_not_empty("max", layout());
  return extreme<1>(*this, {}, false);
}

template <class T>
TensorOf<T> TensorOf<T>::max(std::int64_t dim, bool keepdim) const {
  check_not_empty("max", layout(), dim);
  return extreme<1>(*this, dim, keepdim);
}

template <class T>
TensorOf<T> TensorOf<T>::min() const {
  check_not_empty("min", layout());
  return extreme<-1>(*this, {}, false);
}

template <class T>
TensorOf<T> TensorOf<T>::min(std::int64_t dim, bool keepdim) const {
  check_not_empty("min", layout(), dim);
  return extreme<-1>(*this, dim, keepdim);
}

template <class T>
LongTensor TensorOf<T>::argmax() const {
  check_not_empty("argmax", layout());
  return contiguous().view({numel()}).argmax(0);
}

template <class T>
LongTensor TensorOf<T>::argmax(std::int64_t dim, bool keepdim) const {
  check_not_empty("argmax", layout(), dim);
  if (this->dim() == 0) return full<std::int64_t>({}, 0);
  const TensorOf greatest = max(dim, true), first = slice(dim, 0, 1);
  const LongTensor result = empty<std::int64_t>(greatest.shape());
  const std::int64_t length = size(dim), step = stride(dim);
  parallel_walk<3>(first.shape(), {result.strides(), greatest.strides(), first.strides()},
                   [&](auto n, const auto& at, const auto& steps) {
                     for (std::int64_t i = 0; i < n; ++i) {
                       const T value = greatest.data()[at[1] + i * steps[1]];
                       const T* const x = first.data() + at[2] + i * steps[2];
                       const auto is_greatest = [value](T element) {
                         return element == value || (is_nan(value) && is_nan(element));
                       };
                       std::int64_t k = 0;
                       while (k + 1 < length && !is_greatest(x[k * step])) ++k;
                       result.data()[at[0] + i * steps[0]] = k;
                     }
                   });
  return keepdim ? result : result.squeeze(dim);
}

}  // namespace foundations
