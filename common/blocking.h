// Blocking: one thread's product, cut so that what is used again is still in a cache.
//
//               n                          A slice of b, kDepth rows by kWidth columns, fills half
//        +------+------+---                of the second-level cache. It is packed into panels, and
//        |slice |      |                   the rows of a pass over it, six at a time: these stay in
//      k |of b  |      |                   the first-level cache while panel after panel streams
//      by.
//        +------+------+---
//        |      |      |                   So a number that is fetched from far away is used
//                                             b: once for each row of a          (m times)
//          k                                  a: once for each column of a slice (kWidth times)
//   +------+------+---  +------+---           c: kDepth multiply-adds for each visit
// 6 |tile row     |     | tile |           and most of the time goes where the arithmetic is.
//   +------+------+---  +------+---
// m |      |      |     |      |
//
#pragma once

#include <algorithm>
#include <memory>

#include "common/dot_kernel.h"
#include "common/memory.h"
#include "common/pack.h"

namespace foundations {

// Half the second-level cache of processors with such vectors: for AVX-512 1 MB, else 512 KB.
inline constexpr Size kSliceBytes = kVectorBytes == 64 ? 512 << 10 : 256 << 10;
template <class T>
inline constexpr Size kSlice = kSliceBytes / sizeof(T);
inline constexpr Size kDepth = kVectorBytes == 64 ? 1024 : 512;
template <class T>
inline constexpr Size kWidth = kSlice<T> / kDepth;
// A product of so few rows uses b as it lies: each number is too seldom used to be worth a copy.
inline constexpr Size kFewRows = 128;
template <class T>
inline constexpr Size kPad = kCacheLine / sizeof(T);  // rows a power of two apart share cache sets

// c (+)= a b.   a: [m, k]   b: [k, n]   c: [m, n]
template <class T>
struct Product {
  Size m, k, n;
  Matrix<const T> a, b;
  Matrix<T> c;
};

// What a thread copies parts of the operands to. It is made at a thread's first large product, kept
// for the next, and freed with the thread.
template <class T>
struct Workspace {
  T b[kSlice<T>];
  T dots[kMaxDots * 2 * kDepth];
  T c[kFewRows * (kWidth<T> + kMaxDots)];
  T a[7 * kSlice<T> - kMaxDots * 2 * kDepth - kFewRows * (kWidth<T> + kMaxDots)];
};
inline constexpr Size kWorkspaceBytes = 8 * kSliceBytes;  // one or two large pages

template <class T>
Workspace<T>& workspace() {
  static_assert(sizeof(Workspace<T>) == kWorkspaceBytes);
  struct Free {
    void operator()(void* memory) const { free_memory(memory); }
  };
  thread_local const std::unique_ptr<void, Free> memory(allocate_memory(kWorkspaceBytes));
  return *static_cast<Workspace<T>*>(memory.get());
}

// The rows of the next tile: six, or a little less where that leaves no sliver at the end. 13 rows
// are 5 + 4 + 4, since a tile of a single row takes as long to read b as one of six.
inline Size next_rows(Size left) { return left > 0 ? pieces(left, pieces(left, kTileRows)) : 0; }

// A slice of b as the tiles take it: panel q from data + q * panel, `row` from row to row.
template <class T>
struct Slice {
  Size k, columns;
  const T* data;
  Size row, panel;
  const T* last = nullptr;  // the last panel's last row, where whole vectors cannot be read in b
  Size dots = 0;            // columns to the right of the panels, each contiguous from `dot` on
  const T* dot = nullptr;
};

// c (+)= a b, for a slice of b. `fetch` lies next to be used, and is shared out among the tiles;
// the next rows of a are fetched if it is empty.
template <class T>
void pass(Size m, const Matrix<const T>& a, const Slice<T>& b, const Matrix<T>& c, bool add,
          const Fetch<T>& fetch = {}) {
  const Size panels = pieces(b.columns, kTileColumns<T>);
  for (Size i = 0, rows; i < m; i += rows) {
    rows = next_rows(m - i);
    const Size next = a.column == 1 ? next_rows(m - i - rows) : 0;
    for (Size q = 0; q < panels; ++q) {
      const Size j = q * kTileColumns<T>;
      const T* const panel = b.data + q * b.panel;
      const bool ends = q == panels - 1 && b.last != nullptr;
      Tile<T> tile{.k = b.k,
                   .a = a.from(i, 0),
                   .b = panel,
                   .b_row = b.row,
                   .b_last = ends ? b.last : panel + (b.k - 1) * b.row,
                   .c = c.from(i, j),
                   .columns = std::min(kTileColumns<T>, b.columns - j),
                   .add = add,
                   .fetch = {}};
      if (fetch.rows > 0) {
        const auto share = [&](Size of) {
          return fetch.rows * (i * panels + of * rows) / (m * panels);
        };
        tile.fetch = {fetch.from.from(share(q), 0), share(q + 1) - share(q), fetch.columns};
      } else {
        const auto share = [&](Size of) { return next * of / panels; };
        tile.fetch = {a.from(i + rows + share(q), 0), share(q + 1) - share(q), b.k};
      }
      multiply_tile<T>(rows, tile);
    }
    if (b.dots > 0) {
      multiply_dots<T>(rows, b.dots, {b.k, &a(i, 0), a.row, b.dot, b.k, c.from(i, b.columns), add});
    }
  }
}

// How many of the last columns are better done as dot products (dot_kernel.h).
template <class T>
Size dot_columns(const Product<T>& x) {
  const Size rest = x.n % kLanes<T>;
  return x.a.column == 1 && rest <= kMaxDots && rest < x.n && x.k >= 16 * kLanes<T> ? rest : 0;
}

template <class T>
void set_dots(Size dots, const Matrix<const T>& columns, Slice<T>& b) {
  T* const to = workspace<T>().dots;
  copy_matrix(dots, b.k, columns.transposed(), to, b.k);
  b.dots = dots;
  b.dot = to;
}

// Whether vectors may be read along the rows of b where they lie. The last vector of a row may read
// on into the next row, never beyond b (whose very last row is read from a copy).
template <class T>
bool usable_in_place(const Matrix<const T>& b, Size n, bool dense) {
  const Size rest = n % kLanes<T>;
  return b.column == 1 && (rest == 0 || (dense && kLanes<T> - rest <= n));
}

// At most kFewRows rows. `dense`: no gaps between the rows of b.
template <class T>
void multiply_few_rows(const Product<T>& x, bool dense) {
  constexpr Size kFewDepth = kDepth / 2;  // so that the next slice fits in beside this one
  const Size dots = dot_columns(x), n = x.n - dots;
  const bool in_place = usable_in_place(x.b, n, dense);
  const Size kc = pieces(x.k, pieces(x.k, kFewDepth));
  for (Size j = 0; j < n; j += kWidth<T>) {
    const Size nj = std::min(kWidth<T>, n - j), more = j + nj == n ? dots : 0;
    const bool scattered = x.c.column != 1 && x.k > kc;  // sum in rows, then write once
    const Matrix<T> c =
        scattered ? Matrix<T>{workspace<T>().c, kWidth<T> + kMaxDots, 1} : x.c.from(0, j);
    for (Size p = 0; p < x.k; p += kc) {
      Slice<T> b{.k = std::min(kc, x.k - p),
                 .columns = nj,
                 .data = &x.b(p, j),
                 .row = x.b.row,
                 .panel = kTileColumns<T>};
      T last[kTileColumns<T>] = {};
      if (!in_place) {
        T* const to = workspace<T>().b;
        pack_panels(b.k, nj, x.b.from(p, j), to);
        b.data = to, b.row = kTileColumns<T>, b.panel = b.k * kTileColumns<T>;
      } else if (nj % kLanes<T> != 0) {
        const Size width = (nj - 1) % kTileColumns<T> + 1;
        std::copy_n(&x.b(p + b.k - 1, j + nj - width), width, last);
        b.last = last;
      }
      if (more > 0) set_dots(more, x.b.from(p, n), b);
      Fetch<T> next;
      if (x.b.column == 1) next = {x.b.from(p + b.k, j), std::min(kc, x.k - p - b.k), nj};
      pass<T>(x.m, x.a.from(0, p), b, c, p > 0, next);
    }
    if (scattered) {
      for (Size q = 0; q < nj + more; ++q) {
        for (Size i = 0; i < x.m; ++i) x.c(i, j + q) = c(i, q);
      }
    }
  }
}

// Any number of rows.
template <class T>
void multiply_many_rows(const Product<T>& x) {
  constexpr Size kPanel = kTileColumns<T>;
  const Size dots = dot_columns(x), n = x.n - dots;
  // A slice may be deeper where n is narrow, and wider where k is shallow.
  const Size deepest = std::min(2 * kDepth, kSlice<T> / round_up(std::min(n, kWidth<T>), kPanel));
  const Size kc = pieces(x.k, pieces(x.k, deepest));
  const Size nc = std::min(round_up(n, kPanel), kSlice<T> / kc / kPanel * kPanel);
  const bool copy_a = x.a.column != 1 || n > nc;  // it is read more than once, or not in rows
  const Size row = kc + kPad<T>,
             mc = copy_a ? Size{sizeof(Workspace<T>::a) / sizeof(T)} / row / kTileRows * kTileRows
                         : x.m;
  Workspace<T>& work = workspace<T>();
  for (Size i = 0; i < x.m; i += mc) {
    const Size mi = std::min(mc, x.m - i);
    for (Size p = 0; p < x.k; p += kc) {
      const Size kp = std::min(kc, x.k - p);
      Matrix<const T> a = x.a.from(i, p);
      if (copy_a) {
        copy_matrix(mi, kp, a, work.a, row);
        a = {work.a, row, 1};
      }
      for (Size j = 0; j < n; j += nc) {
        Slice<T> b{.k = kp,
                   .columns = std::min(nc, n - j),
                   .data = work.b,
                   .row = kPanel,
                   .panel = kp * kPanel};
        pack_panels(kp, b.columns, x.b.from(p, j), work.b);
        if (j + b.columns == n && dots > 0) set_dots(dots, x.b.from(p, n), b);
        pass<T>(mi, a, b, x.c.from(i, j), p > 0);
      }
    }
  }
}

}  // namespace foundations
