// The gradient of a loss by the weight of a linear layer, out = inp @ w + b, in three ways.
//
//   w.grad()[i, j] = sum over the rows r of inp[r, i] * out_g[r, j]
//
// All three keep one contract: inp [n, in] and out_g [n, out], the gradient of the loss by out,
// give [in, out]. Any strides; sums over no rows are 0; NaN and infinity go where the arithmetic
// takes them. Throws ShapeError unless both are matrices with the same number of rows.
// Source: the notes, "Chain rule from scratch in code" (the outer product) and "Module class
// structure" (einsum).
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch05 {

// The notes' form: an outer product for each row, and their sum. It holds all products at once,
// n * in * out elements: 7.84 GB for the floats of 50,000 digits and 50 columns.
Tensor by_outer(const Tensor& inp, const Tensor& out_g);

// einsum("bi,bj->ij"): no tensor but the result.
Tensor by_einsum(const Tensor& inp, const Tensor& out_g);

// inp.t() @ out_g: the same sum, seen as a product of matrices. No tensor but the result.
Tensor by_matmul(const Tensor& inp, const Tensor& out_g);

// The type of all three.
using WeightGrad = Tensor(const Tensor& inp, const Tensor& out_g);

// In the order of the lesson.
inline constexpr Rung<WeightGrad> kRungs[] = {
    {"by_outer", by_outer},
    {"by_einsum", by_einsum},
    {"by_matmul", by_matmul},
};

// Throws ShapeError unless inp and out_g fit. Every rung calls it first.
void check_rows(const Tensor& inp, const Tensor& out_g);

}  // namespace foundations::ch05
