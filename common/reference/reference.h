// The reference: right results, computed in double by the plainest code, which shares nothing with
// the code under test. It reads tensors only through data(), shape() and strides(), so a mistake in
// a view, a kernel or an operator cannot hide by being made on both sides.
//
//   const std::string wrong = matmul_mismatch(fast(a, b), a, b);  // empty when fast() is right
//
// Tests use it through testing.h, benchmarks through ladder.h.
#pragma once

#include <functional>
#include <string>

#include "common/tensor/tensor.h"

namespace foundations {

// Returns the matrix product in double. T is float or double; any strides.
// a: [m, k]   b: [k, n]   returns [m, n]
// Throws ShapeError unless both are matrices and the two k are equal. O(mkn), one thread.
template <class T>
DoubleTensor reference_matmul(const TensorOf<T>& a, const TensorOf<T>& b);

// Returns how far a product computed in T may lie from reference_matmul(a, b), element by element:
// [m, n]. Whatever the order of its additions, a sum of k products is off by at most
// k * eps/2 * sum|a||b| (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1). The
// reference in double may be off by as much again, and each product may lose one step of the
// smallest numbers to underflow. Together: k * (eps * sum|a||b| + denorm_min). Sums whose terms
// overflow T are not covered.
template <class T>
DoubleTensor matmul_tolerance(const TensorOf<T>& a, const TensorOf<T>& b);

// Returns the index of the i-th element in row-major order.
IntList index_of(std::int64_t i, const Shape& shape);

// Returns what is wrong with `got`: a sentence on the shapes if they differ, else on the first
// element (in row-major order) with !(|got - want| <= tolerance); "" if nothing is wrong. An
// infinite `want` (or a `want` too large for T) must be met exactly. A NaN in `want` must be a NaN
// in `got`, unless equal_nan is false: then no NaN passes.
// got, want, tolerance: one shape
template <class T>
std::string mismatch(const TensorOf<T>& got, const DoubleTensor& want,
                     const DoubleTensor& tolerance, bool equal_nan = true);

// Returns the mismatch() of `got` with the product of a and b.
template <class T>
std::string matmul_mismatch(const TensorOf<T>& got, const TensorOf<T>& a, const TensorOf<T>& b) {
  return mismatch(got, reference_matmul(a, b), matmul_tolerance(a, b));
}

// Returns the gradient of a scalar function at x by central differences, (f(x + h) - f(x - h)) / 2h
// for every element of x in turn, in the shape of x. Afterwards x is as it was, even if f throws.
// For functions of order 1 the error is about h^2 plus 1e-16 / h. Calls f 2 * numel times. Throws
// ShapeError for an x whose elements share memory (an expanded view).
DoubleTensor numerical_gradient(const std::function<double(const DoubleTensor&)>& f,
                                const DoubleTensor& x, double h = 1e-5);

}  // namespace foundations
