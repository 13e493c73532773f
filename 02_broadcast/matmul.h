// Chapter 02: matrix multiplication by broadcasting, with the contract of chapter 01.
//
//   a: [m, k]   b: [k, n]   returns a new c: [m, n] with  c[i, j] = sum over k of a[i, k] * b[k, j]
//
// Takes any strides. Costs m * n * k multiply-adds. NaN and infinity go where the arithmetic takes
// them (0 * inf is NaN). Throws ShapeError, before anything is computed, unless a and b are
// matrices and the two k are equal. Source: the notes, "Matrix multiplication with Broadcasting".
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch02 {

Tensor broadcast(const Tensor& a, const Tensor& b);     // c[i] = (a[i].unsqueeze(-1) * b).sum(0)
Tensor no_temporary(const Tensor& a, const Tensor& b);  // the same, product and sum in one loop

// In the order of the lesson, with the notes' Python time where they have one.
inline constexpr Rung<Matmul> kRungs[] = {
    {"broadcast", broadcast, 297e-6},
    {"no_temporary", no_temporary},
};

}  // namespace foundations::ch02
