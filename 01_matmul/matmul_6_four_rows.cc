// The same vectors. New: one pass over a row of c takes four rows of b, so an element of c is
// fetched, put back and waited for once in four multiply-adds.
#include "01_matmul/matmul.h"

namespace foundations::ch01 {

Tensor four_rows(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  const Tensor rows = b.contiguous();
  for (int64_t i = 0; i < ar; ++i) {
    float* const c_row = c.data() + i * bc;
    int64_t k = 0;
    for (; k + 4 <= ac; k += 4) {
      const float* const b0 = rows.data() + k * bc;
      const float* const b1 = b0 + bc;
      const float* const b2 = b1 + bc;
      const float* const b3 = b2 + bc;
      const float w0 = a(i, k), w1 = a(i, k + 1), w2 = a(i, k + 2), w3 = a(i, k + 3);
#pragma omp simd
      for (int64_t j = 0; j < bc; ++j) {
        c_row[j] += w0 * b0[j] + w1 * b1[j] + w2 * b2[j] + w3 * b3[j];
      }
    }
    for (; k < ac; ++k) {  // the one, two or three rows left over
      const float* const b_row = rows.data() + k * bc;
      const float weight = a(i, k);
#pragma omp simd
      for (int64_t j = 0; j < bc; ++j) {
        c_row[j] += weight * b_row[j];
      }
    }
  }
  return c;
}

}  // namespace foundations::ch01
