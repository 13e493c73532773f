// gemm: a product of two matrices, the floor beneath matmul. (GEneral Matrix Multiply is what the
// libraries have called it since 1990.)
//
//   micro_kernel.h   a tile of the product in registers
//   dot_kernel.h     the same for one or two columns
//   pair_kernel.h    and for a few, two steps at a time
//   pack.h           copies of the operands in the order of reading
//   blocking.h       slices that fit the caches
//   matvec.h         a matrix times a vector
//   gemm.cc          which of these, and how many threads
//   ideas.h          what of it can be left out, to see what it is worth
#pragma once

#include "common/linalg/ideas.h"
#include "common/linalg/matrix.h"

namespace foundations {

// Whether there is so much to do that all threads pay: fewer multiply-adds for each are done by the
// time that it has heard of them. All or one, since OpenMP may dismiss threads between two sizes of
// its team.
inline constexpr double kWorthAThread = 1e5;
inline bool worth_threads(double multiply_adds, int threads) {
  return multiply_adds >= kWorthAThread * threads;
}

// c = a b.   a: [m, k]   b: [k, n]   c: [m, n], any strides and sizes; c shares no memory with a or
// b, and no element with itself. T is float or double. Where it pays, `threads` > 1 and may_split()
// (openmp.h), on so many threads: the same number of them gives the same bits on one machine. Any
// number of threads may call it at once.
//
// Cost: m * k * n multiply-adds. Memory: at most 6 MB for each thread, kept for its next product.
template <class T>
void gemm(Size m, Size k, Size n, Matrix<const T> a, Matrix<const T> b, Matrix<T> c, int threads,
          const Ideas& use = {});

}  // namespace foundations
