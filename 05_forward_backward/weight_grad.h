// The gradient of a loss by the weight of a linear layer, out = inp @ w + b, in three ways.
//
//   w.grad()[i, j] = sum over the rows r of inp[r, i] * out_g[r, j]
//
// All three keep one contract: inp [n, in] and out_g [n, out], the gradient of the loss by out,
// give [in, out]. Any strides; of no rows the sums are 0; NaN and infinity go where the arithmetic
// takes them. Throws ShapeError unless both are matrices with one number of rows.
// Source: the notes, "Chain rule from scratch in code" (the outer product) and "Module class
// structure" (einsum). T is float or double.
#pragma once

#include <concepts>

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch05 {

// The notes' form: an outer product for each row, and their sum. It holds all of them at once,
// n * in * out elements: 7.84 GB for the floats of 50,000 digits and 50 columns.
template <std::floating_point T>
TensorOf<T> by_outer(const TensorOf<T>& inp, const TensorOf<T>& out_g);

// einsum("bi,bj->ij"): no tensor but the result.
template <std::floating_point T>
TensorOf<T> by_einsum(const TensorOf<T>& inp, const TensorOf<T>& out_g);

// inp.t() @ out_g: the same sum, seen as a product of matrices. No tensor but the result.
template <std::floating_point T>
TensorOf<T> by_matmul(const TensorOf<T>& inp, const TensorOf<T>& out_g);

// Any of them.
template <std::floating_point T>
using WeightGrad = TensorOf<T>(const TensorOf<T>& inp, const TensorOf<T>& out_g);

// In the order of the lesson.
template <std::floating_point T>
inline constexpr Rung<WeightGrad<T>> kRungs[] = {
    {"by_outer", by_outer<T>},
    {"by_einsum", by_einsum<T>},
    {"by_matmul", by_matmul<T>},
};

// The check that every rung begins with.
template <std::floating_point T>
void check_rows(const TensorOf<T>& inp, const TensorOf<T>& out_g);

}  // namespace foundations::ch05
