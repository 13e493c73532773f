#include "common/linalg/gemm.h"

#include <algorithm>
#include <vector>

#include "common/base/openmp.h"
#include "common/linalg/blocking.h"
#include "common/linalg/matvec.h"

namespace foundations {
namespace {

// Whether the transposed product, c' = b' a', is the better one: its long rows are where the
// vectors want them. The weight gradient x.t() @ d of the notes is such a case: [784, 50000] times
// [50000, 50], with x and d in rows. Turned round, d' x reads both as they lie.
template <class T>
bool better_transposed(Size m, Size n, const Matrix<const T>& a, const Matrix<const T>& b,
                       const Matrix<T>& c) {
  if (m == 1) return n > 1;
  if (n == 1) return false;
  if (c.column != 1 && c.row == 1) return true;
  return a.row == 1 && a.column != 1 && (b.row == 1 || (n < m && n <= kFewRows));
}

template <class T>
void multiply_block(const Product<T>& x, bool dense) {
  if (x.n == 1 && x.use.matvec) {
    const auto matvec = x.a.column == 1 ? matvec_by_rows<T> : matvec_by_columns<T>;
    matvec(x.m, x.k, x.a, x.b, x.c);
  } else if (use_in_place(x, dense)) {
    multiply_in_place(x);
  } else {
    multiply_packed(x);
  }
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

// A few long sums down the columns of x, as in a last layer's x.t() @ d: the threads share k, and
// their sums are added in the threads' order. Shares of the rows would have each read all of x.
template <class T>
bool better_by_shares_of_k(const Product<T>& x) {
  return x.n == 1 && x.m <= kFewRows && x.a.row == 1;
}

template <class T>
void multiply_by_shares_of_k(const Product<T>& x, Size threads) {
  std::vector<T> sums(threads * kFewRows);  // a row for each thread
  CaughtInParallel caught;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (Size t = 0; t < threads; ++t) {
    caught.run([&] {
      const Size first = x.k * t / threads;
      Product<T> share = x;
      share.k = x.k * (t + 1) / threads - first;
      share.a = x.a.from(0, first);
      share.b = x.b.from(first, 0);
      share.c = {&sums[t * kFewRows], 1, 1};
      multiply_block(share, false);
    });
  }
  caught.rethrow();
  for (Size i = 0; i < x.m; ++i) {
    T sum = sums[i];
    for (Size t = 1; t < threads; ++t) sum += sums[t * kFewRows + i];
    x.c(i, 0) = sum;
  }
}

}  // namespace

template <class T>
void gemm(Size m, Size k, Size n, Matrix<const T> a, Matrix<const T> b, Matrix<T> c, int threads,
          const Ideas& use) {
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
  if (use.transposed && better_transposed(m, n, a, b, c)) {
    std::swap(m, n);
    std::swap(a, b);
    a = a.transposed();
    b = b.transposed();
    c = c.transposed();
  }
  const bool dense = b.row == n;
  const bool little = use.alone && !worth_threads(double(m) * k * n, threads);
  if (threads <= 1 || little || !may_split()) {
    return multiply_block<T>({m, k, n, a, b, c, use}, dense);
  }
  const Product<T> all{m, k, n, a, b, c, use};
  if (better_by_shares_of_k(all)) {
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
                         b.from(0, j), c.from(i, j), use},
                        dense);
    });
  }
  caught.rethrow();
}

template void gemm(Size, Size, Size, Matrix<const float>, Matrix<const float>, Matrix<float>, int,
                   const Ideas&);
template void gemm(Size, Size, Size, Matrix<const double>, Matrix<const double>, Matrix<double>,
                   int, const Ideas&);

}  // namespace foundations
