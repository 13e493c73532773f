// Comparisons for tests, each a function that adds a GoogleTest failure at the caller's line.
//
//   expect_close(matmul(a, b), tensor({{58, 64}, {139, 154}}));
//   expect_equal(m.t(), tensor({{1, 4}, {2, 5}, {3, 6}}));
//   expect_error<ShapeError>([&] { matmul(a, a); }, "the sentence, to the letter");
#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <limits>
#include <string>
#include <typeinfo>

#include "common/reference/reference.h"
#include "common/tensor/tensor.h"

namespace foundations {

inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// What is wrong with an exception that should have this type and text; "" if nothing is.
std::string error_mismatch(const std::exception& got, const std::type_info& type,
                           const std::string& text);

// Fails unless the shapes are equal and |got - want| <= atol + rtol * |want| for every element, as
// torch.allclose asks. Equal infinities pass; NaN passes only where both have it and equal_nan is
// set. T and U are float or double.
template <class T, class U>
void expect_close(const TensorOf<T>& got, const TensorOf<U>& want, double rtol = 1e-5,
                  double atol = 1e-8, bool equal_nan = false, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  const DoubleTensor exact = want.template to<double>();
  const DoubleTensor tolerance = exact.clone();
  for (std::int64_t i = 0; i < tolerance.numel(); ++i) {
    double& value = tolerance.data()[i];
    value = atol + rtol * (value < 0 ? -value : value);
  }
  const std::string text = mismatch(got, exact, tolerance, equal_nan);
  if (!text.empty()) ADD_FAILURE_AT(file, line) << text;
}

// Fails unless the shapes and all elements are equal (NaN equals nothing). Any element type.
template <class T>
void expect_equal(const TensorOf<T>& got, const TensorOf<T>& want,
                  const char* file = __builtin_FILE(), int line = __builtin_LINE());

// Fails unless `got`, a float or double product of a and b by whatever algorithm, is as near to the
// product in double as the arithmetic of T allows (matmul_tolerance in reference.h).
template <class T>
void expect_matmul(const TensorOf<T>& got, const TensorOf<T>& a, const TensorOf<T>& b,
                   const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const std::string text = matmul_mismatch(got, a, b);
  if (!text.empty()) ADD_FAILURE_AT(file, line) << text;
}

// Fails unless `action()` throws an Error (that very type, not one derived from it) with this text.
template <class Error, class Action>
void expect_error(Action action, const std::string& text, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  try {
    action();
  } catch (const std::exception& error) {
    const std::string wrong = error_mismatch(error, typeid(Error), text);
    if (!wrong.empty()) ADD_FAILURE_AT(file, line) << wrong;
    return;
  }
  ADD_FAILURE_AT(file, line) << "nothing was thrown; want: " << text;
}

}  // namespace foundations
