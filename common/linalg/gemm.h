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

// Returns true if each thread gets at least kWorthAThread multiply-adds; below that, waking it
// costs more than it saves. It is all threads or one: OpenMP may end threads when the size of its
// team changes.
// With 2e5, 64x784x50 alone takes 28 us on one thread of a Zen 5 and 24 on two; but an epoch of
// 07_train_loop, which has that product twice a step, took 143 ms on two threads, and 74 on one.
inline constexpr double kWorthAThread = 1.5e6;
inline bool worth_threads(double multiply_adds, int threads) {
  return multiply_adds >= kWorthAThread * threads;
}

// Computes c = a b.   a: [m, k]   b: [k, n]   c: [m, n]
// Any strides and sizes; c shares no memory with a or b, and no two of its elements share memory. T
// is float or double. Uses `threads` threads where they pay and may_split() (openmp.h) allows them:
// the same number gives the same bits on one machine. Any number of threads may call it at once.
//
// Cost: m * k * n multiply-adds. Memory: at most 6 MiB for each thread, kept for its next product.
template <class T>
void gemm(Size m, Size k, Size n, Matrix<const T> a, Matrix<const T> b, Matrix<T> c, int threads);

}  // namespace foundations
