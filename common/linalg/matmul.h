// matmul(): torch.matmul for every rank.
#pragma once

#include "common/tensor/tensor.h"

namespace foundations {

// The matrix product of a and b, as torch.matmul has it:
//
//   a          b          result
//   [m, k]     [k, n]     [m, n]
//   [k]        [k]        []            the dot product
//   [m, k]     [k]        [m]
//   [k]        [k, n]     [n]
//   [.., m, k] [.., k, n] [.., m, n]    a product for each index of the broadcast leading
//   dimensions
//
// Any strides: a transpose is read in place. Throws ShapeError, before anything is allocated, when
// a side is a scalar, the inner sizes differ or the leading ones do not broadcast.
// T is float, double or int64 (which wraps around). On one machine the same
// number of threads gives the same bits.
// Cost: m * k * n multiply-adds for each product; memory, besides the result, at most 6 MB for each
// thread (gemm.h has more). Derived in 01_matmul.
template <Number T>
TensorOf<T> matmul(const TensorOf<T>& a, const TensorOf<T>& b);

// The same, into a tensor that is there. Throws ShapeError, and writes nothing, unless `out` has
// the result's shape, writes each element to a place of its own, and shares none with a or b.
// OutOfMemoryError, where a thread gets none for its part, leaves `out` written in part.
template <Number T>
void matmul_out(const TensorOf<T>& out, const TensorOf<T>& a, const TensorOf<T>& b);

}  // namespace foundations
