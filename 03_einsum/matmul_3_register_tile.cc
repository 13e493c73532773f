// Not a copy: of the tiles, only a cut along k stays. New: 6 x 16 elements of c grow in registers
// while k runs. Each is added to c once for 256 k, not once for every fourth, and for 96
// multiply-adds only 16 elements of b and 6 of a are fetched.
#include <algorithm>

#include "03_einsum/matmul.h"

namespace foundations::ch03 {
namespace {

// With vectors of 8 floats, 6 x 16 sums take 12 of 16 registers; two vectors of b and an element of
// a take three more. Two multiply-adds can start in each cycle and each takes four, so at least
// eight sums have to be under way.
constexpr int64_t kRows = 6, kColumns = 16;
constexpr int64_t kTileK = 256;  // 256 * 16 floats of b: 16 KiB, half of L1

// Adds a[rows, depth] * b[depth, kColumns] to c[rows, kColumns], for rows <= kRows. The next row is
// ac elements further on in a, bc in b and c.
void add_tile(int64_t rows, int64_t depth, const float* a, int64_t ac, const float* b, float* c,
              int64_t bc) {
  const float* a_row[kRows];  // where rows are missing: the last one again
  for (int64_t r = 0; r < kRows; ++r) a_row[r] = a + std::min(r, rows - 1) * ac;
  float sum[kRows][kColumns] = {};
  for (int64_t k = 0; k < depth; ++k) {
#pragma GCC unroll kRows
    for (int64_t r = 0; r < kRows; ++r) {
      const float weight = a_row[r][k];
#pragma omp simd
      for (int64_t j = 0; j < kColumns; ++j) {
        sum[r][j] += weight * b[k * bc + j];
      }
    }
  }
  for (int64_t r = 0; r < rows; ++r) {
#pragma omp simd
    for (int64_t j = 0; j < kColumns; ++j) {
      c[r * bc + j] += sum[r][j];
    }
  }
}

}  // namespace

Tensor register_tile(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  const Tensor a_rows = a.contiguous(), b_rows = b.contiguous();
  const int64_t j_end = bc - bc % kColumns;  // the end of the last whole tile
  for (int64_t k0 = 0; k0 < ac; k0 += kTileK) {
    const int64_t k1 = std::min(k0 + kTileK, ac);
    for (int64_t j = 0; j < j_end; j += kColumns) {
      for (int64_t i = 0; i < ar; i += kRows) {
        add_tile(std::min(kRows, ar - i), k1 - k0, a_rows.data() + i * ac + k0, ac,
                 b_rows.data() + k0 * bc + j, c.data() + i * bc + j, bc);
      }
    }
  }
  for (int64_t i = 0; i < ar; ++i) {  // the last 1 to 15 columns, by the loops of 01's simd
    float* const c_row = c.data() + i * bc;
    for (int64_t k = 0; k < ac; ++k) {
      const float* const b_row = b_rows.data() + k * bc;
      const float weight = a_rows(i, k);
#pragma omp simd
      for (int64_t j = j_end; j < bc; ++j) {
        c_row[j] += weight * b_row[j];
      }
    }
  }
  return c;
}

}  // namespace foundations::ch03
