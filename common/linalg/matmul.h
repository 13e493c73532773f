// matmul(): torch.matmul for every rank.
#pragma once

#include "common/tensor/tensor.h"

namespace foundations {

// Returns the matrix product of a and b, as torch.matmul does:
//
//   a          b          result
//   [m, k]     [k, n]     [m, n]
//   [k]        [k]        []            the dot product
//   [m, k]     [k]        [m]
//   [k]        [k, n]     [n]
//   [.., m, k] [.., k, n] [.., m, n]    a product for each index of the broadcast leading
//                                       dimensions
//
// Any strides: a transpose is read in place. T is float, double or int64 (which wraps around). On
// one machine the same number of threads gives the same bits. After fork() the child computes on
// one thread. Throws ShapeError, before anything is allocated, if a side is a scalar, the inner
// sizes differ or the leading ones do not broadcast.
// Cost: m * k * n multiply-adds for each product. Memory besides the result: at most 6 MiB for each
// thread (gemm.h has more). Derived in 01_matmul.
template <Number T>
TensorOf<T> matmul(const TensorOf<T>& a, const TensorOf<T>& b);

// Writes the product into a tensor that exists already. Throws ShapeError, and writes nothing,
// unless `out` has the result's shape, no two of its elements share memory, and it shares none with
// a or b. Throws OutOfMemoryError if a thread gets no memory for its part; `out` is then written in
// part.
template <Number T>
void matmul_out(const TensorOf<T>& out, const TensorOf<T>& a, const TensorOf<T>& b);

}  // namespace foundations
