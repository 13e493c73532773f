// A new inner loop; of the tiles only the cut along k stays, now 256 deep. New: 6 x 16 elements of
// c grow in registers while k runs, and each of them is added to c once for all k of the tile, not
// once for every fourth. On the way 16 elements of b and 6 of a are fetched for 96 multiply-adds.
#include <algorithm>

#include "03_einsum/matmul.h"

namespace foundations::ch03 {
namespace {

// With vectors of 8 floats 6 x 16 sums are 12 registers: of 16 there are, that leaves room for a
// row of b and an element of a. 12 is enough of them to keep two multiply-adds starting in each
// cycle.
constexpr int64_t kRows = 6, kColumns = 16;
constexpr int64_t kTileK = 256;  // 256 * 16 floats of b are 16 KB: half of L1

// c[rows, kColumns] += a[rows, depth] * b[depth, kColumns], where rows <= kRows. From one row to
// the next it is ac in a, bc in b and in c.
void add_tile(int64_t rows, int64_t depth, const float* a, int64_t ac, const float* b, float* c,
              int64_t bc) {
  const float* a_row[kRows];  // below the last of the rows: the last again
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
  const int64_t j_end = bc - bc % kColumns;  // where the last whole tile ends
  for (int64_t k0 = 0; k0 < ac; k0 += kTileK) {
    const int64_t k1 = std::min(k0 + kTileK, ac);
    for (int64_t j = 0; j < j_end; j += kColumns) {
      for (int64_t i = 0; i < ar; i += kRows) {
        add_tile(std::min(kRows, ar - i), k1 - k0, a_rows.data() + i * ac + k0, ac,
                 b_rows.data() + k0 * bc + j, c.data() + i * bc + j, bc);
      }
    }
  }
  for (int64_t i = 0; i < ar; ++i) {  // the last 1 to 15 columns, as 01's simd has them
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
