// Chapter 03: matrix multiplication again, from einsum to the speed of the machine.
//
// Six functions do it here, the rungs of a ladder. All keep one contract. The four in the middle
// are written by copying one before and changing what its idea needs, as
// `diff matmul_3_register_tile.cc matmul_4_packed.cc` shows it; the first of them is a copy of
// four_rows, where chapter 01 ended.
//
//   a: [n, k]   b: [k, m]   returns a new [n, m] with  c[i, j] = sum over k of a[i, k] * b[k, j]
//
// Any strides (an operand whose rows are not contiguous is copied). Cost: n * k * m multiply-adds.
// NaN and infinity go where the arithmetic takes them (0 * inf is NaN). Throws ShapeError, before
// anything is computed, unless a and b are matrices and the two k are equal.
// Source: the notes, "Einstein Summation" and "Pytorch Operation".
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch03 {

Tensor by_einsum(const Tensor& a, const Tensor& b);      // "ik,kj -> ij"
Tensor cache_tiles(const Tensor& a, const Tensor& b);    // a tile of b stays in the cache
Tensor register_tile(const Tensor& a, const Tensor& b);  // a tile of c stays in registers
Tensor packed(const Tensor& a, const Tensor& b);         // b laid out as the tiles read it
Tensor blocked(const Tensor& a, const Tensor& b);        // blocks of c, shared out to threads
Tensor matmul(const Tensor& a, const Tensor& b);         // common/linalg/matmul.h

// In the order of the lesson, with the notes' Python times where they have one.
inline constexpr Rung<Matmul> kRungs[] = {
    {"einsum", by_einsum, 75.6e-6},
    {"cache_tiles", cache_tiles},
    {"register_tile", register_tile},
    {"packed", packed},
    {"blocked", blocked},
    {"matmul", matmul, 12.2e-6},
};

// blocked takes all threads from this many multiply-adds on, and one thread below: starting the
// others takes some microseconds, which so little work does not earn back. (//03_einsum:growth
// shows where that is on your machine.)
inline constexpr int64_t kWorthThreads = 500'000;

// blocked on as many threads, however little work there is. The same bits for any number.
Tensor blocked_on(int threads, const Tensor& a, const Tensor& b);

}  // namespace foundations::ch03
