// The same tiles. New: one or two columns left over beyond whole vectors are dot products along k,
// where their vectors are full. Of 50 columns 48 fill three vectors of 16; for the last two a
// fourth would cost as much as for 16.
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
constexpr int64_t kMostDots = 2;                         // columns left over
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

// Adds a[kRows, depth] * panel[depth, columns] to c[kRows, columns]; kVectors vectors hold the
// columns. The next row is ac elements further on in a, kColumns in the panel, bc in c.
template <int kRows, int kVectors>
void add_tile(int64_t columns, int64_t depth, const float* a, int64_t ac, const float* panel,
              float* c, int64_t bc) {
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
      c[r * bc + j] += sums[r][j];
    }
  }
}

// All tiles: 1 to kTileRows rows, 1 to kTileVectors vectors. A function called through a table is
// not inlined.
template <std::size_t... N>
constexpr auto every_tile(std::index_sequence<N...>) {
  return std::array{&add_tile<N / kTileVectors + 1, N % kTileVectors + 1>...};
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
            panels.data() + j * ac + k0 * kColumns, c.data() + i * bc + j, bc);
      }
    }
  }
}

// Adds a[kRows, ac] * column[ac] to a column of c, whose next element is bc further on.
template <int kRows>
void add_dots(int64_t ac, const float* a, const float* column, float* c, int64_t bc) {
  Vector<float> sum[kRows] = {};
  const int64_t whole = ac - ac % kLanes<float>;
  for (int64_t k = 0; k < whole; k += kLanes<float>) {
    const Vector<float> along = load(column + k);
#pragma GCC unroll 8
    for (int64_t r = 0; r < kRows; ++r) sum[r] += load(a + r * ac + k) * along;
  }
#pragma GCC unroll 8
  for (int64_t r = 0; r < kRows; ++r) {
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (int64_t lane = 0; lane < kLanes<float>; ++lane) total += sum[r][lane];
    for (int64_t k = whole; k < ac; ++k) total += a[r * ac + k] * column[k];
    c[r * bc] += total;
  }
}
constexpr std::array kDots{&add_dots<1>, &add_dots<2>, &add_dots<3>,
                           &add_dots<4>, &add_dots<5>, &add_dots<6>};

// Computes the rows i0 <= i < i1 of the last columns of c.   columns: [columns, k]
void multiply_dots(const Tensor& a_rows, const Tensor& columns, const Tensor& c, int64_t i0,
                   int64_t i1) {
  const int64_t ac = a_rows.size(1), bc = c.size(1), n = bc - columns.size(0);
  for (int64_t j = n; j < bc; ++j) {
    for (int64_t i = i0, rows; i < i1; i += rows) {
      rows = next_rows(i1 - i);
      kDots[rows - 1](ac, a_rows.data() + i * ac, columns.data() + (j - n) * ac,
                      c.data() + i * bc + j, bc);
    }
  }
}

// Returns how many of the last columns are dot products: not where k is so short that adding up the
// lanes takes longer than the products.
int64_t dot_columns(int64_t ac, int64_t bc) {
  const int64_t rest = bc % kLanes<float>;
  return rest <= kMostDots && bc > rest && ac >= 16 * kLanes<float> ? rest : 0;
}

}  // namespace

Tensor dots(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), bc = b.size(1), n = bc - dot_columns(a.size(1), bc);
  Tensor c = zeros(ar, bc);
  const Tensor a_rows = a.contiguous(), panels = in_panels(b.slice(1, 0, n));
  const Tensor columns = b.slice(1, n).t().contiguous();
  for (int64_t i = 0; i < ar; i += kBlockRows) {
    const int64_t i1 = std::min(i + kBlockRows, ar);
    for (int64_t j = 0; j < n; j += kBlockColumns) {
      multiply_block(a_rows, panels, c, i, i1, j, std::min(j + kBlockColumns, n));
    }
    multiply_dots(a_rows, columns, c, i, i1);
  }
  return c;
}

}  // namespace foundations::ch13
