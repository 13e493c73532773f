#include "common/reference/reference.h"

#include <cmath>
#include <cstdio>
#include <limits>

#include "common/tensor/overlap.h"

namespace foundations {
namespace {

template <class T>
T& element(const TensorOf<T>& t, const IntList& index) {
  std::int64_t position = 0;
  for (std::int64_t d = 0; d < index.size(); ++d) position += index[d] * t.strides()[d];
  return t.data()[position];
}

// Returns the sums over k of term(a[i, k], b[k, j]), both as double.
template <class T, class Term>
DoubleTensor sum_of_products(const TensorOf<T>& a, const TensorOf<T>& b, Term term) {
  if (a.shape().size() != 2 || b.shape().size() != 2 || a.shape()[1] != b.shape()[0]) {
    throw ShapeError("reference_matmul() takes [m, k] and [k, n], but got " + bracketed(a.shape()) +
                     " and " + bracketed(b.shape()));
  }
  const std::int64_t m = a.shape()[0], k = a.shape()[1], n = b.shape()[1];
  DoubleTensor result = zeros<double>(m, n);
  for (std::int64_t i = 0; i < m; ++i) {
    double* const row = result.data() + i * n;
    for (std::int64_t l = 0; l < k; ++l) {
      const double left = a.data()[i * a.strides()[0] + l * a.strides()[1]];
      const T* const right = b.data() + l * b.strides()[0];
      for (std::int64_t j = 0; j < n; ++j) row[j] += term(left, right[j * b.strides()[1]]);
    }
  }
  return result;
}

std::string digits(double value, int count) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", count, value);
  return text;
}

template <class T>
bool agrees(T got, double want, double tolerance, bool equal_nan) {
  if (std::isnan(want)) return equal_nan && std::isnan(got);
  if (std::isinf(static_cast<T>(want))) return got == static_cast<T>(want);
  return std::abs(static_cast<double>(got) - want) <= tolerance;
}

}  // namespace

IntList index_of(std::int64_t i, const Shape& shape) {
  IntList index = shape;
  for (std::int64_t d = shape.size() - 1; d >= 0; --d) {
    index[d] = i % shape[d];
    i /= shape[d];
  }
  return index;
}

template <class T>
DoubleTensor reference_matmul(const TensorOf<T>& a, const TensorOf<T>& b) {
  return sum_of_products(a, b, [](double x, double y) { return x * y; });
}

template <class T>
DoubleTensor matmul_tolerance(const TensorOf<T>& a, const TensorOf<T>& b) {
  const DoubleTensor result =
      sum_of_products(a, b, [](double x, double y) { return std::abs(x * y); });
  const auto k = static_cast<double>(a.shape()[1]);
  for (std::int64_t i = 0; i < result.numel(); ++i) {
    double& scale = result.data()[i];
    scale = k * (std::numeric_limits<T>::epsilon() * scale +
                 static_cast<double>(std::numeric_limits<T>::denorm_min()));
  }
  return result;
}

template <class T>
std::string mismatch(const TensorOf<T>& got, const DoubleTensor& want,
                     const DoubleTensor& tolerance, bool equal_nan) {
  if (!(got.shape() == want.shape())) {
    return "got shape " + bracketed(got.shape()) + ", want " + bracketed(want.shape());
  }
  std::int64_t bad = 0;
  std::string first;
  for (std::int64_t i = 0; i < want.numel(); ++i) {
    const IntList at = index_of(i, want.shape());
    if (agrees(element(got, at), element(want, at), element(tolerance, at), equal_nan)) continue;
    if (++bad > 1) continue;
    constexpr int kDigits = std::numeric_limits<T>::max_digits10;  // tells neighbours apart
    first = "at " + bracketed(at) + ": got " + digits(element(got, at), kDigits) + ", want " +
            digits(element(want, at), kDigits) + ", tolerance " + digits(element(tolerance, at), 3);
  }
  if (bad == 0) return "";
  return first + " (" + std::to_string(bad) + " of " + std::to_string(want.numel()) +
         " elements differ)";
}

DoubleTensor numerical_gradient(const std::function<double(const DoubleTensor&)>& f,
                                const DoubleTensor& x, double h) {
  check_written_once(x.layout());
  const DoubleTensor gradient = empty<double>(x.shape());
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    double& value = element(x, index_of(i, x.shape()));
    const double before = value;
    try {
      value = before + h;
      const double above = f(x);
      value = before - h;
      gradient.data()[i] = (above - f(x)) / (2 * h);
    } catch (...) {
      value = before;
      throw;
    }
    value = before;
  }
  return gradient;
}

template DoubleTensor reference_matmul(const Tensor&, const Tensor&);
template DoubleTensor reference_matmul(const DoubleTensor&, const DoubleTensor&);
template DoubleTensor matmul_tolerance(const Tensor&, const Tensor&);
template DoubleTensor matmul_tolerance(const DoubleTensor&, const DoubleTensor&);
template std::string mismatch(const Tensor&, const DoubleTensor&, const DoubleTensor&, bool);
template std::string mismatch(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&, bool);

}  // namespace foundations
