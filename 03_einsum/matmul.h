// Chapter 03: matrix multiplication again, from where chapter 01 ended to the machine's limit.
//
// Six functions do it here, the rungs of a ladder, and all keep one contract. The first is a copy
// of chapter 01's last. Each of the others is written by copying the one before it and changing
// what its idea needs, as `diff matmul_3_register_tile.cc matmul_4_packed.cc` shows.
//
//   a: [m, k]   b: [k, n]   returns a new [m, n] with  c[i, j] = sum over k of a[i, k] * b[k, j]
//
// Any strides (an operand whose rows are not contiguous is copied). Cost: m * k * n multiply-adds.
// NaN and infinity go where the arithmetic takes them (0 * inf is NaN). Throws ShapeError, before
// anything is computed, unless a and b are matrices and the two k are equal.
// Source: the notes, "Einstein Summation" and "Pytorch Operation".
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch03 {

Tensor four_rows(const Tensor& a, const Tensor& b);      // where chapter 01 ended
Tensor cache_tiles(const Tensor& a, const Tensor& b);    // a tile of b stays in the cache
Tensor register_tile(const Tensor& a, const Tensor& b);  // a tile of c stays in registers
Tensor packed(const Tensor& a, const Tensor& b);         // b laid out as the tiles read it
Tensor blocked(const Tensor& a, const Tensor& b);        // a block of a stays in the cache, too
Tensor threaded(const Tensor& a, const Tensor& b);       // blocks shared out to threads

// In the order of the lesson.
inline constexpr Rung<Matmul> kRungs[] = {
    {"four_rows", four_rows}, {"cache_tiles", cache_tiles}, {"register_tile", register_tile},
    {"packed", packed},       {"blocked", blocked},         {"threaded", threaded},
};

// The same product by common's einsum and by common's matmul: not rungs, but what the rungs are
// compared with. The notes have times for both.
Tensor by_einsum(const Tensor& a, const Tensor& b);
Tensor matmul(const Tensor& a, const Tensor& b);

inline constexpr Rung<Matmul> kReferences[] = {
    {"einsum", by_einsum, 75.6e-6},
    {"matmul", matmul, 12.2e-6},
};

// Below this many multiply-adds `threaded` leaves the work to `blocked`: waking other threads takes
// some microseconds. //13_gemm:growth shows where they pay on your machine.
inline constexpr int64_t kWorthThreads = 500'000;

// Multiplies as `threaded` does, on this many threads, however little work there is. Returns the
// same bits for any number.
Tensor threaded_on(int threads, const Tensor& a, const Tensor& b);

}  // namespace foundations::ch03
