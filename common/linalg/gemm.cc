#include "common/linalg/gemm.h"

#include <algorithm>
#include <vector>

#include "common/base/openmp.h"
#include "common/linalg/blocking.h"

namespace foundations {

// What the other threads save has to be more than waking them costs, and having the operands move:
// in a network, one core has just written them. The unit is a multiply-add of vectors, 0.14 ns on a
// Zen 5. There two threads are ready after 2.2 us; a cache line from the other core takes 1.7 ns,
// and one from beyond the second-level cache 1 ns, which bounds a matrix times a vector. Only half
// of that cache counts as just written.
// So 128^3 is shared, and 64x784x50 is not: alone it would take 16 us in place of 25, but a step of
// 07_train_loop took 122 us in place of 91.
bool worth_threads(Size m, Size k, Size n, Size products, Size element_bytes, int threads) {
  constexpr double kWake = 15'000, kMoveLine = 12, kReadLine = 7;
  const double elements = double(products) * (double(m) * k + double(k) * n + double(m) * n);
  const double lines = elements * element_bytes / kCacheLine;
  const double vectors = double(products) * m * k * n * element_bytes / kVectorBytes;
  const double saved = std::max(vectors, kReadLine * lines) * (threads - 1) / threads;
  return saved > kWake + kMoveLine * std::min(lines, double(slice_bytes() / kCacheLine));
}

namespace {

// Returns true if the transposed product, c' = b' a', is the better one: its long rows are where
// the vectors want them. A single column is dot products if the rows of a are contiguous, and
// otherwise a single row. The weight gradient x.t() @ d of the notes is such a case: [784, 50000]
// times [50000, 50], with x and d in rows. Turned round, d' x reads both as they lie.
template <class T>
bool better_transposed(Size m, Size n, const Matrix<const T>& a, const Matrix<const T>& b,
                       const Matrix<T>& c) {
  if (m == 1) return n > 1 && b.row == 1;
  if (n == 1) return a.column != 1;
  if (c.column != 1 && c.row == 1) return true;
  return a.row == 1 && a.column != 1 && (b.row == 1 || (n < m && n <= kFewRows));
}

// The threads' grid over c: `down` times `across` blocks, as square as may be, since a block reads
// its rows of a and its columns of b. No thread waits for another.
struct Grid {
  Size down, across;
};
Grid grid(Size m, Size n, Size threads) {
  Grid best{threads, 1};
  for (Size down = 1; down <= threads; ++down) {
    const Size across = threads / down;
    if (down * across == threads && m * across + n * down < m * best.across + n * best.down) {
      best = {down, across};
    }
  }
  return best;
}

// A few long sums down the columns of b, as in a last layer's x.t() @ d turned round: the threads
// share k, and their sums are added in the threads' order. Shares of c would each read all of b.
template <class T>
void multiply_by_shares_of_k(const Product<T>& x, Size threads) {
  std::vector<T> sums(threads * kFewRows);  // a row for each thread
  CaughtInParallel caught;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (Size t = 0; t < threads; ++t) {
    caught.run([&] {
      const Size first = x.k * t / threads, k = x.k * (t + 1) / threads - first;
      multiply_block<T>(
          {1, k, x.n, x.a.from(0, first), x.b.from(first, 0), {&sums[t * kFewRows], kFewRows, 1}},
          x.b.row == x.n);
    });
  }
  caught.rethrow();
  for (Size j = 0; j < x.n; ++j) {
    T sum = sums[j];
    for (Size t = 1; t < threads; ++t) sum += sums[t * kFewRows + j];
    x.c(0, j) = sum;
  }
}

}  // namespace

template <class T>
void gemm(Size m, Size k, Size n, Matrix<const T> a, Matrix<const T> b, Matrix<T> c, int threads) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (Size i = 0; i < m; ++i) {
      for (Size j = 0; j < n; ++j) c(i, j) = 0;
    }
    return;
  }
  if (k == 1) a.column = 1, b.row = n;  // strides that nothing depends on: the easy ones
  if (n == 1) c.column = 1, b.column = 1;
  if (m == 1) a.row = k, c.row = n;
  if (better_transposed(m, n, a, b, c)) {
    std::swap(m, n);
    std::swap(a, b);
    a = a.transposed();
    b = b.transposed();
    c = c.transposed();
  }
  const bool dense = b.row == n;
  if (threads <= 1 || !worth_threads(m, k, n, 1, sizeof(T), threads) || !may_split()) {
    return multiply_block<T>({m, k, n, a, b, c}, dense);
  }
  const Product<T> all{m, k, n, a, b, c};
  if (m == 1 && n <= kFewRows) {
    return multiply_by_shares_of_k(all, std::clamp<Size>(k / kFewRows, 1, threads));
  }
  const Grid g = grid(m, n, threads);
  // Blocks of columns end where vectors do.
  const Size rows = ceil_div(m, g.down), columns = round_up(ceil_div(n, g.across), kLanes<T>);
  const Size down = ceil_div(m, rows), across = ceil_div(n, columns);
  CaughtInParallel caught;  // no memory for a workspace
#pragma omp parallel for num_threads(threads) schedule(static)
  for (Size block = 0; block < down * across; ++block) {
    caught.run([&] {
      const Size i = block / across * rows, j = block % across * columns;
      multiply_block<T>({std::min(rows, m - i), k, std::min(columns, n - j), a.from(i, 0),
                         b.from(0, j), c.from(i, j)},
                        dense);
    });
  }
  caught.rethrow();
}

template void gemm(Size, Size, Size, Matrix<const float>, Matrix<const float>, Matrix<float>, int);
template void gemm(Size, Size, Size, Matrix<const double>, Matrix<const double>, Matrix<double>,
                   int);

}  // namespace foundations
