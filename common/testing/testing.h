// Comparisons for tests, each a function that adds a GoogleTest failure at the caller's line.
//
//   expect_close(matmul(a, b), tensor({{58, 64}, {139, 154}}));
//   expect_equal(m.t(), tensor({{1, 4}, {2, 5}, {3, 6}}));
//   expect_error<ShapeError>([&] { matmul(a, a); }, "the sentence, to the letter");
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <typeinfo>

#include "common/reference/reference.h"
#include "common/tensor/tensor.h"

namespace foundations {

// The numbers at the edges, for every test.
inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
inline constexpr float kInf = std::numeric_limits<float>::infinity();
inline constexpr std::int64_t kMaxLong = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kMinLong = std::numeric_limits<std::int64_t>::min();

// The errors of overlap.h when it refuses to write, in PyTorch's words.
inline constexpr char kWrittenTwice[] =
    "unsupported operation: more than one element of the written-to tensor refers to a single "
    "memory location. Please clone() the tensor before performing the operation.";
inline constexpr char kPartialOverlap[] =
    "unsupported operation: some elements of the input tensor and the written-to tensor refer to a "
    "single memory location. Please clone() the tensor before performing the operation.";

// Fails unless the shapes are equal and |got - want| <= atol + rtol * |want| for every element, as
// torch.allclose does. Equal infinities pass. NaN passes only if both are NaN and equal_nan is set.
// T and U are float or double.
template <class T, class U>
void expect_close(const TensorOf<T>& got, const TensorOf<U>& want, double rtol = 1e-5,
                  double atol = 1e-8, bool equal_nan = false, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE());

// Fails unless the shapes and all elements are equal (NaN equals nothing). Any element type.
template <class T>
void expect_equal(const TensorOf<T>& got, const TensorOf<T>& want,
                  const char* file = __builtin_FILE(), int line = __builtin_LINE());

// Fails unless `got`, a product of a and b by any algorithm, is as near to the product in double as
// the arithmetic of T allows (matmul_tolerance in reference.h). T is float or double.
template <class T>
void expect_matmul(const TensorOf<T>& got, const TensorOf<T>& a, const TensorOf<T>& b,
                   const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const std::string text = matmul_mismatch(got, a, b);
  if (!text.empty()) ADD_FAILURE_AT(file, line) << text;
}

// Does the work of expect_error(): calls action(context).
void expect_thrown(const std::type_info& type, void (*action)(const void*), const void* context,
                   const std::string& text, const char* file, int line);

// Fails unless `action()` throws an Error (this very type, not a derived type) with this text. The
// action is passed as a pointer: an std::function for each would take long to compile.
template <class Error, class Action>
void expect_error(const Action& action, const std::string& text,
                  const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  expect_thrown(
      typeid(Error), [](const void* context) { (*static_cast<const Action*>(context))(); }, &action,
      text, file, line);
}

}  // namespace foundations
