// Chapter 13: matrix multiplication once more, from where chapter 03 ended to common's matmul.
//
// The rungs of a ladder do it here, and all keep one contract. The first is a copy of chapter 03's
// `blocked`. Each of the others is written by copying the one before it and changing what its idea
// needs, as `diff matmul_4_dots.cc matmul_5_in_place.cc` shows.
//
//   a: [m, k]   b: [k, n]   returns a new [m, n] with  c[i, j] = sum over k of a[i, k] * b[k, j]
//
// Any strides. Cost: m * k * n multiply-adds. NaN and infinity go where the arithmetic takes them
// (0 * inf is NaN). Throws ShapeError, before anything is computed, unless a and b are matrices and
// the two k are equal.
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch13 {

Tensor blocked(const Tensor& a, const Tensor& b);       // where chapter 03 ended, on one thread
Tensor vectors(const Tensor& a, const Tensor& b);       // a tile as wide as the registers allow
Tensor narrow_tiles(const Tensor& a, const Tensor& b);  // no row and no vector computed in vain
Tensor dots(const Tensor& a, const Tensor& b);          // two columns left over, along k
Tensor in_place(const Tensor& a, const Tensor& b);      // no copy of b for few rows of a
Tensor turned(const Tensor& a, const Tensor& b);        // c' = b' a' if a lies in columns
Tensor matvec(const Tensor& a, const Tensor& b);        // loops of its own for a single column
Tensor threaded(const Tensor& a, const Tensor& b);      // a block of c for each thread
Tensor matmul(const Tensor& a, const Tensor& b);        // common's, where the ladder leads

// In the order of the lesson.
inline constexpr Rung<Matmul> kRungs[] = {
    {"blocked", blocked}, {"vectors", vectors},   {"narrow_tiles", narrow_tiles},
    {"dots", dots},       {"in_place", in_place}, {"turned", turned},
    {"matvec", matvec},   {"threaded", threaded}, {"matmul", matmul},
};

// `threaded` takes one thread unless each gets this many multiply-adds: waking a thread takes some
// microseconds. //13_gemm:growth shows where they pay on your machine.
inline constexpr int64_t kWorthAThread = 200'000;

// Multiplies as `threaded` does, on this many threads, however little work there is.
Tensor threaded_on(int threads, const Tensor& a, const Tensor& b);

}  // namespace foundations::ch13
