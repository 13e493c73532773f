// The same tiles. New: c is not cleared first. The tiles of the first slice of k write it, the
// others add to it. A large c lies in memory, and each way there and back costs.
#include <algorithm>
#include <array>
#include <utility>

#include "13_gemm/matmul.h"
#include "common/linalg/vector.h"

namespace foundations::ch13 {
namespace {

// 24 sums, four vectors of b and an element of a in 32 registers (AVX-512, NEON); 12 sums, two
// vectors and an element in 16 (AVX2, SSE).
constexpr int64_t kTileRows = 6, kColumns = kTileVectors * kLanes<float>;
constexpr int64_t kTileK = 256;                          // 256 * 64 floats of b: 64 KiB, in L2
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

// Writes a[kRows, depth] * panel[depth, columns] to c[kRows, columns], or adds it; kVectors vectors
// hold the columns. The next row is ac elements further on in a, kColumns in the panel, bc in c.
template <int kRows, int kVectors>
void multiply_tile(int64_t columns, int64_t depth, const float* a, int64_t ac, const float* panel,
                   float* c, int64_t bc, bool add) {
  Vector<float> sum[kRows][kVectors] = {};
  for (int64_t k = 0; k < depth; ++k) {
    Vector<float> across[kVectors];  // a row of the panel
#pragma GCC unroll 8
    for (int64_t v = 0; v < kVectors; ++v) {
      across[v] = load(panel + k * kColumns + v * kLanes<float>);
    }
#pragma GCC unroll 8
    for (int64_t r = 0; r < kRows; ++r) {
      const float weight = a[r * ac + k];
#pragma GCC unroll 8
      for (int64_t v = 0; v < kVectors; ++v) sum[r][v] += weight * across[v];
    }
  }
  float sums[kRows][kVectors * kLanes<float>];
#pragma GCC unroll 8
  for (int64_t r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int64_t v = 0; v < kVectors; ++v) store(&sums[r][v * kLanes<float>], sum[r][v]);
  }
  for (int64_t r = 0; r < kRows; ++r) {
#pragma omp simd
    for (int64_t j = 0; j < columns; ++j) {
      c[r * bc + j] = add ? c[r * bc + j] + sums[r][j] : sums[r][j];
    }
  }
}

// All tiles: 1 to kTileRows rows, 1 to kTileVectors vectors. A function called through a table is
// not inlined.
template <std::size_t... N>
constexpr auto every_tile(std::index_sequence<N...>) {
  return std::array{&multiply_tile<N / kTileVectors + 1, N % kTileVectors + 1>...};
}
constexpr auto kTiles = every_tile(std::make_index_sequence<kTileRows * kTileVectors>{});

// Returns the rows of the next tile: at most kTileRows, and so many that no sliver is left.
int64_t next_rows(int64_t left) { return ceil_div(left, ceil_div(left, kTileRows)); }

// Computes the rows i0 <= i < i1 and the columns j0 <= j < j1 of c.
void multiply_block(const Tensor& a_rows, const Tensor& panels, const Tensor& c, int64_t i0,
                    int64_t i1, int64_t j0, int64_t j1) {
  const int64_t ac = a_rows.size(1), bc = c.size(1);
  for (int64_t k0 = 0; k0 < ac; k0 += kTileK) {
    const int64_t k1 = std::min(k0 + kTileK, ac);
    for (int64_t j = j0; j < j1; j += kColumns) {
      const int64_t columns = std::min(kColumns, j1 - j), across = ceil_div(columns, kLanes<float>);
      for (int64_t i = i0, rows; i < i1; i += rows) {
        rows = next_rows(i1 - i);
        kTiles[(rows - 1) * kTileVectors + across - 1](
            columns, k1 - k0, a_rows.data() + i * ac + k0, ac,
            panels.data() + j * ac + k0 * kColumns, c.data() + i * bc + j, bc, k0 > 0);
      }
    }
  }
}

}  // namespace

Tensor written_once(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = ac == 0 ? zeros(ar, bc) : empty(ar, bc);
  const Tensor a_rows = a.contiguous(), panels = in_panels(b);
  for (int64_t i = 0; i < ar; i += kBlockRows) {
    for (int64_t j = 0; j < bc; j += kBlockColumns) {
      multiply_block(a_rows, panels, c, i, std::min(i + kBlockRows, ar), j,
                     std::min(j + kBlockColumns, bc));
    }
  }
  return c;
}

}  // namespace foundations::ch13
