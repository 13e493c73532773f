// Chapter 01: matrix multiplication, from the notes' three loops to whole vectors.
//
// Six functions compute it, the rungs of a ladder. All keep one contract, and each is a copy of an
// earlier one, changed where its idea needs it: the lesson is in the difference, as
// `diff matmul_4_row_at_a_time.cc matmul_5_simd.cc` shows it.
//
//   a: [m, k]   b: [k, n]   returns a new c: [m, n] with  c[i, j] = sum over k of a[i, k] * b[k, j]
//
// Takes any strides (simd and four_rows copy b unless it is contiguous). Costs m * n * k
// multiply-adds. NaN and infinity go where the arithmetic takes them (0 * inf is NaN). Throws
// ShapeError, before anything is computed, unless a and b are matrices and the two k are equal.
// Source: the notes, "Matrix Multiplication".
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch01 {

Tensor checked(const Tensor& a, const Tensor& b);        // three loops, every index checked
Tensor triple_loop(const Tensor& a, const Tensor& b);    // three loops
Tensor row_by_column(const Tensor& a, const Tensor& b);  // (a[i,:] * b[:,j]).sum()
Tensor row_at_a_time(const Tensor& a, const Tensor& b);  // the two inner loops swapped
Tensor simd(const Tensor& a, const Tensor& b);           // rows as pointers, many columns at once
Tensor four_rows(const Tensor& a, const Tensor& b);      // four rows of b for one pass over c

// In the order of the lesson, with the notes' Python times where they have one.
inline constexpr Rung<Matmul> kRungs[] = {
    {"checked", checked, 922e-3},
    {"triple_loop", triple_loop},
    {"row_by_column", row_by_column, 1.35e-3},
    {"row_at_a_time", row_at_a_time},
    {"simd", simd},
    {"four_rows", four_rows},
};

}  // namespace foundations::ch01
