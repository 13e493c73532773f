// The loops of four_rows. New: the two outside them. A tile of b stays in the cache until all rows
// of a have met it; four_rows fetches the whole of b again for every row.
#include <algorithm>

#include "03_einsum/matmul.h"

namespace foundations::ch03 {
namespace {

constexpr int64_t kTileK = 64, kTileColumns = 512;  // 64 * 512 floats: 128 KiB, they stay in L2

}  // namespace

Tensor cache_tiles(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  const Tensor rows = b.contiguous();
  for (int64_t j0 = 0; j0 < bc; j0 += kTileColumns) {
    const int64_t j1 = std::min(j0 + kTileColumns, bc);
    for (int64_t k0 = 0; k0 < ac; k0 += kTileK) {
      const int64_t k1 = std::min(k0 + kTileK, ac);
      for (int64_t i = 0; i < ar; ++i) {
        float* const c_row = c.data() + i * bc;
        int64_t k = k0;
        for (; k + 4 <= k1; k += 4) {
          const float* const b0 = rows.data() + k * bc;
          const float* const b1 = b0 + bc;
          const float* const b2 = b1 + bc;
          const float* const b3 = b2 + bc;
          const float w0 = a(i, k), w1 = a(i, k + 1), w2 = a(i, k + 2), w3 = a(i, k + 3);
#pragma omp simd
          for (int64_t j = j0; j < j1; ++j) {
            c_row[j] += w0 * b0[j] + w1 * b1[j] + w2 * b2[j] + w3 * b3[j];
          }
        }
        for (; k < k1; ++k) {  // the last one, two or three rows
          const float* const b_row = rows.data() + k * bc;
          const float weight = a(i, k);
#pragma omp simd
          for (int64_t j = j0; j < j1; ++j) {
            c_row[j] += weight * b_row[j];
          }
        }
      }
    }
  }
  return c;
}

}  // namespace foundations::ch03
