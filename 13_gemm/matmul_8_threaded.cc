// The same product. New: c is cut into a block for each thread, and each thread multiplies its rows
// of a by its columns of b. No thread waits for another.
#include <algorithm>
#include <array>
#include <utility>

#include "13_gemm/matmul.h"
#include "common/base/openmp.h"
#include "common/linalg/vector.h"

namespace foundations::ch13 {
namespace {

// 24 sums, four vectors of b and an element of a in 32 registers (AVX-512, NEON); 12 sums, two
// vectors and an element in 16 (AVX2, SSE).
constexpr int64_t kTileRows = 6, kColumns = kTileVectors * kLanes<float>;
constexpr int64_t kTileK = 256;                          // 256 * 64 floats of b: 64 KiB, in L2
constexpr int64_t kMostDots = 2;                         // columns left over
constexpr int64_t kBlockRows = 96, kBlockColumns = 256;  // 96 * 256 floats of a: 96 KiB, in L2

constexpr int64_t kFewRows = 128;

// b as the tiles read it: panel q begins at data + q * panel, and its rows are `row` apart.
struct Panels {
  const float* data;
  int64_t row, panel;
  const float* last = nullptr;  // b's last row, if the tiles would read on beyond it
};

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

// Adds a[kRows, depth] * b[depth, columns] to c[kRows, columns]; kVectors vectors hold the columns.
// The next row is a_row elements further on in a, b_row in b, bc in c; the next column a_column in
// a; b's last row is at b_last.
template <int kRows, int kVectors>
void add_tile(int64_t columns, int64_t depth, const float* a, int64_t a_row, int64_t a_column,
              const float* b, int64_t b_row, const float* b_last, float* c, int64_t bc) {
  Vector<float> sum[kRows][kVectors] = {};
  for (int64_t k = 0; k < depth; ++k) {
    const float* const row = k + 1 < depth ? b + k * b_row : b_last;
    Vector<float> across[kVectors];
#pragma GCC unroll 8
    for (int64_t v = 0; v < kVectors; ++v) across[v] = load(row + v * kLanes<float>);
#pragma GCC unroll 8
    for (int64_t r = 0; r < kRows; ++r) {
      const float weight = a[r * a_row + k * a_column];
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
void multiply_block(const Tensor& a, const Panels& b, const Tensor& c, int64_t i0, int64_t i1,
                    int64_t j0, int64_t j1) {
  const int64_t ac = a.size(1), bc = c.stride(0);
  for (int64_t k0 = 0; k0 < ac; k0 += kTileK) {
    const int64_t k1 = std::min(k0 + kTileK, ac);
    for (int64_t j = j0; j < j1; j += kColumns) {
      const int64_t columns = std::min(kColumns, j1 - j), across = ceil_div(columns, kLanes<float>);
      const float* const panel = b.data + j / kColumns * b.panel;
      const float* const last = k1 == ac && b.last ? b.last + j : panel + (k1 - 1) * b.row;
      for (int64_t i = i0, rows; i < i1; i += rows) {
        rows = next_rows(i1 - i);
        kTiles[(rows - 1) * kTileVectors + across - 1](
            columns, k1 - k0, a.data() + i * a.stride(0) + k0 * a.stride(1), a.stride(0),
            a.stride(1), panel + k0 * b.row, b.row, last, c.data() + i * bc + j, bc);
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
  const int64_t ac = a_rows.size(1), bc = c.stride(0), n = c.size(1) - columns.size(0);
  for (int64_t j = n; j < c.size(1); ++j) {
    for (int64_t i = i0, rows; i < i1; i += rows) {
      rows = next_rows(i1 - i);
      kDots[rows - 1](ac, a_rows.data() + i * ac, columns.data() + (j - n) * ac,
                      c.data() + i * bc + j, bc);
    }
  }
}

// Returns how many of the last columns are dot products: not where k is so short that adding up the
// lanes takes longer than the products.
int64_t dot_columns(const Tensor& a, int64_t bc) {
  const int64_t rest = bc % kLanes<float>;
  const bool pays = a.is_contiguous() && a.size(1) >= 16 * kLanes<float>;
  return pays && rest <= kMostDots && bc > rest ? rest : 0;
}

// Returns true if b is used in place: for few rows, if vectors can be read along its rows. The last
// vector of a row may read on into the next row, but not into gaps between them.
bool use_in_place(int64_t ar, const Tensor& b) {
  const int64_t n = b.size(1), beyond = round_up(n, kLanes<float>) - n;
  return ar <= kFewRows && b.numel() > 0 && b.stride(1) == 1 &&
         (beyond == 0 || (b.stride(0) == n && beyond <= n));
}

// Returns a copy of b's last row with zeros behind it, as far as a tile reads.
Tensor last_row(const Tensor& b) {
  Tensor last = zeros(round_up(b.size(1), kColumns));
  last.slice(0, 0, b.size(1)) = b[-1];
  return last;
}

constexpr int64_t kPiece = 2048;  // 8 KiB of sums, in L1

// Adds the columns of a, weighted by x, to c.   a: [m, k], columns contiguous   x: [k]   c: [m, 1]
void add_columns(const Tensor& a, const Tensor& x, const Tensor& c) {
  const int64_t ar = a.size(0), ac = a.size(1), column = a.stride(1);
  for (int64_t i0 = 0; i0 < ar; i0 += kPiece) {
    const int64_t size = std::min(kPiece, ar - i0);
    float* const sums = c.data() + i0;
    int64_t k = 0;
    for (; k + 4 <= ac; k += 4) {  // four at a time, as four_rows did
      const float w0 = x(k), w1 = x(k + 1), w2 = x(k + 2), w3 = x(k + 3);
      const float* const a0 = a.data() + i0 + k * column;
      const float *const a1 = a0 + column, *const a2 = a1 + column, *const a3 = a2 + column;
#pragma omp simd
      for (int64_t i = 0; i < size; ++i) {
        sums[i] += w0 * a0[i] + w1 * a1[i] + (w2 * a2[i] + w3 * a3[i]);
      }
    }
    for (; k < ac; ++k) {
      for (int64_t i = 0; i < size; ++i) sums[i] += x(k) * a.data()[i0 + i + k * column];
    }
  }
}

// Adds a b to c for a b of one column.
void multiply_vector(const Tensor& a, const Tensor& b, const Tensor& c) {
  if (a.stride(0) == 1 && a.stride(1) != 1) {
    add_columns(a, b(_, 0), c);
  } else {
    multiply_dots(a.contiguous(), b.t().contiguous(), c, 0, a.size(0));
  }
}

// Adds a b to c, whose rows are contiguous. Reads few rows of a where they lie, whatever their
// strides.
void multiply(const Tensor& all_a, const Tensor& b, const Tensor& c) {
  if (b.size(1) == 1) return multiply_vector(all_a, b, c);
  const Tensor a = all_a.size(0) <= kFewRows ? all_a : all_a.contiguous();
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1), n = bc - dot_columns(a, bc);
  const Tensor columns = b.slice(1, n).t().contiguous();
  const Tensor tiled = b.slice(1, 0, n);
  const bool stays = use_in_place(ar, tiled);
  const Tensor copy = stays ? last_row(tiled) : in_panels(tiled);
  const Panels panels = stays ? Panels{b.data(), b.stride(0), kColumns, copy.data()}
                              : Panels{copy.data(), kColumns, ac * kColumns};
  for (int64_t i = 0; i < ar; i += kBlockRows) {
    const int64_t i1 = std::min(i + kBlockRows, ar);
    for (int64_t j = 0; j < n; j += kBlockColumns) {
      multiply_block(a, panels, c, i, i1, j, std::min(j + kBlockColumns, n));
    }
    multiply_dots(a, columns, c, i, i1);
  }
}

// Returns into how many blocks to cut the rows of c for `threads` blocks: so that they are as
// square as may be. A block reads its rows of a and its columns of b.
int64_t blocks_down(int threads, int64_t ar, int64_t bc) {
  int64_t best = threads;
  const auto read = [&](int64_t down) { return ar * (threads / down) + bc * down; };
  for (int64_t down = 1; down < threads; ++down) {
    if (threads % down == 0 && read(down) < read(best)) best = down;
  }
  return best;
}

// Returns a b, computed by this many threads.
Tensor multiply_on(int threads, const Tensor& a, const Tensor& b) {
  const int64_t ar = a.size(0), bc = b.size(1), down = blocks_down(threads, ar, bc);
  const int64_t rows = ceil_div(ar, down);
  const int64_t columns = round_up(ceil_div(bc, threads / down), kLanes<float>);
  Tensor c = zeros(ar, bc);
  run_shares(threads, [&](int t) {
    const int64_t i = t % down * rows, j = t / down * columns;
    multiply(a.slice(0, i, i + rows), b.slice(1, j, j + columns),
             c.slice(0, i, i + rows).slice(1, j, j + columns));
  });
  return c;
}

// Returns true if a is a single row, or lies in columns and b does too or is narrow.
bool better_turned(const Tensor& a, const Tensor& b) {
  if (a.size(0) == 1 || b.size(1) == 1) return b.size(1) > 1;
  const bool narrow = b.size(1) < a.size(0) && b.size(1) <= kFewRows;
  return a.stride(0) == 1 && a.stride(1) != 1 && (b.stride(0) == 1 || narrow);
}

}  // namespace

Tensor threaded_on(int threads, const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  if (better_turned(a, b)) return multiply_on(threads, b.t(), a.t()).t().contiguous();
  return multiply_on(threads, a, b);
}

Tensor threaded(const Tensor& a, const Tensor& b) {
  const int threads = threads_available();
  const int64_t multiply_adds = a.numel() * (b.dim() == 2 ? b.size(1) : 1);
  return threaded_on(multiply_adds < kWorthAThread * threads ? 1 : threads, a, b);
}

}  // namespace foundations::ch13
