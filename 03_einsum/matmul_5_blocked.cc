// The same tiles and panels. New: c is cut into blocks, and within a block the rows of a stay in L2
// from one panel to the next.
#include <algorithm>

#include "03_einsum/matmul.h"

namespace foundations::ch03 {
namespace {

// With vectors of 8 floats, 6 x 16 sums take 12 of 16 registers; two vectors of b and an element of
// a take three more. Two multiply-adds can start in each cycle and each takes four, so at least
// eight sums have to be under way.
constexpr int64_t kRows = 6, kColumns = 16;
constexpr int64_t kTileK = 256;                          // 256 * 16 floats of b: 16 KiB, half of L1
constexpr int64_t kBlockRows = 96, kBlockColumns = 256;  // 96 * 256 floats of a: 96 KiB, in L2

// Returns the columns of b in groups of kColumns: [panels, k, kColumns].
Tensor in_panels(const Tensor& b) {
  const int64_t ac = b.size(0), bc = b.size(1);
  const Tensor rows = b.contiguous();
  Tensor panels = zeros((bc + kColumns - 1) / kColumns, ac, kColumns);
  float* to = panels.data();
  for (int64_t j = 0; j < bc; j += kColumns) {
    const int64_t width = std::min(kColumns, bc - j);
    for (int64_t k = 0; k < ac; ++k) {
      std::copy_n(rows.data() + k * bc + j, width, to);
      to += kColumns;
    }
  }
  return panels;
}

// Adds a[rows, depth] * panel[depth, kColumns] to c[rows, columns], for rows <= kRows and columns
// <= kColumns. The next row is ac elements further on in a, kColumns in the panel, bc in c. Not
// inlined: the variables of the loops around it would take registers that the sums need.
[[gnu::noinline]] void add_tile(int64_t rows, int64_t columns, int64_t depth, const float* a,
                                int64_t ac, const float* panel, float* c, int64_t bc) {
  const float* a_row[kRows];  // where rows are missing: the last one again
  for (int64_t r = 0; r < kRows; ++r) a_row[r] = a + std::min(r, rows - 1) * ac;
  float sum[kRows][kColumns] = {};
  for (int64_t k = 0; k < depth; ++k) {
#pragma GCC unroll kRows
    for (int64_t r = 0; r < kRows; ++r) {
      const float weight = a_row[r][k];
#pragma omp simd
      for (int64_t j = 0; j < kColumns; ++j) {
        sum[r][j] += weight * panel[k * kColumns + j];
      }
    }
  }
  for (int64_t r = 0; r < rows; ++r) {
#pragma omp simd
    for (int64_t j = 0; j < columns; ++j) {
      c[r * bc + j] += sum[r][j];
    }
  }
}

// Computes the rows i0 <= i < i1 and the columns j0 <= j < j1 of c.
void multiply_block(const Tensor& a_rows, const Tensor& panels, const Tensor& c, int64_t i0,
                    int64_t i1, int64_t j0, int64_t j1) {
  const int64_t ac = a_rows.size(1), bc = c.size(1);
  for (int64_t k0 = 0; k0 < ac; k0 += kTileK) {
    const int64_t k1 = std::min(k0 + kTileK, ac);
    for (int64_t j = j0; j < j1; j += kColumns) {
      for (int64_t i = i0; i < i1; i += kRows) {
        add_tile(std::min(kRows, i1 - i), std::min(kColumns, j1 - j), k1 - k0,
                 a_rows.data() + i * ac + k0, ac, panels.data() + j * ac + k0 * kColumns,
                 c.data() + i * bc + j, bc);
      }
    }
  }
}

}  // namespace

Tensor blocked(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  const Tensor a_rows = a.contiguous(), panels = in_panels(b);
  for (int64_t i = 0; i < ar; i += kBlockRows) {
    for (int64_t j = 0; j < bc; j += kBlockColumns) {
      multiply_block(a_rows, panels, c, i, std::min(i + kBlockRows, ar), j,
                     std::min(j + kBlockColumns, bc));
    }
  }
  return c;
}

}  // namespace foundations::ch03
