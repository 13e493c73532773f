// gemm: the product of two matrices, beneath matmul. (GEneral Matrix Multiply is its name in the
// libraries since 1990.)
//
//   micro_kernel.h   a tile of the product in registers
//   dot_kernel.h     the same for one or two columns, and for a matrix times a vector
//   pack.h           copies of the operands in the order of reading
//   blocking.h       slices that fit the caches, packed or where they lie: one thread's part
//   gemm.cc          c = a b or turned round, c' = b' a'; and the threads' parts
#pragma once

#include "common/linalg/matrix.h"

namespace foundations {

// Returns true if `products` products, [m, k] by [k, n], are sooner done by `threads` threads than
// by one. It is all threads or one: OpenMP may end threads when the size of its team changes.
bool worth_threads(Size m, Size k, Size n, Size products, Size element_bytes, int threads);

// Computes c = a b.   a: [m, k]   b: [k, n]   c: [m, n]
// Any strides and sizes; c shares no memory with a or b, and no two of its elements share memory. T
// is float or double. Uses `threads` threads where they pay and may_split() (openmp.h) allows them:
// the same number gives the same bits on one machine. Any number of threads may call it at once.
//
// Cost: m * k * n multiply-adds. Memory: at most 6 MiB for each thread, kept for its next product.
template <class T>
void gemm(Size m, Size k, Size n, Matrix<const T> a, Matrix<const T> b, Matrix<T> c, int threads);

}  // namespace foundations
