// Blocking: cuts one thread's product so that what is used again is still in a cache.
//
//               n                       A slice of b, often kDepth rows deep, fills half the
//        +------+------+---             second-level cache. It is packed into panels as wide as a
//        |slice |      |                tile. Six rows of a at a time are multiplied by it: these
//      k |of b  |      |                stay in the first-level cache while the panels stream by.
//        +------+------+---
//        |      |      |                So memory is seldom read. Each number
//
//           k                             of b is read once for all m rows of a,
//   +------+------+--  +------+---        of a once for every slice beside another,
// 6 |rows  |      |    | tile |           of c once for every slice below another.
//   +------+------+--  +------+---
// m |      |      |    |      |
#pragma once

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <concepts>

#include "common/base/memory.h"
#include "common/linalg/dot_kernel.h"
#include "common/linalg/ideas.h"
#include "common/linalg/pack.h"
#include "common/linalg/pair_kernel.h"

namespace foundations {

// Returns the size of a slice: half the second-level cache, and no more than the workspace holds.
// If the system does not tell the size of the cache, the usual size for these vectors is halved.
inline constexpr Size kMinSliceBytes = 128 << 10, kMaxSliceBytes = 1 << 20;
inline constexpr Size kUsualSliceBytes = kVectorBytes == 64 ? 512 << 10 : 256 << 10;
inline Size slice_bytes() {
  static const Size bytes = [] {
    long cache = 0;
#ifdef _SC_LEVEL2_CACHE_SIZE
    cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    return cache > 0 ? std::clamp<Size>(cache / 2, kMinSliceBytes, kMaxSliceBytes)
                     : kUsualSliceBytes;
  }();
  return bytes;
}
inline constexpr Size kDepth = kVectorBytes == 64 ? 1024 : 512;

// For few rows of a, packing b hardly pays: a slice of b is used in place while the next one is
// being fetched. Two slices fill four fifths of the cache, and they are shallow: a panel fits the
// first-level cache. A b no larger than two slices is cut only if it is deep.
inline constexpr Size kFewRows = 128, kFewDepth = 128;
template <class T>
constexpr Size few_width(Size bytes) {
  return bytes * 4 / 5 / kFewDepth / Size{sizeof(T)};
}
template <class T>
Size two_slices() {
  return 2 * kFewDepth * few_width<T>(slice_bytes());
}

// One thread's product, c (+)= a b.   a: [m, k]   b: [k, n]   c: [m, n]
template <class T>
struct Product {
  Size m, k, n;
  Matrix<const T> a, b;
  Matrix<T> c;
  Ideas use;
};

// Where a thread copies parts of the operands to.
inline constexpr Size kWorkspaceBytes = 6 << 20;  // three large pages
template <class T>
struct Workspace {
  static constexpr Size kB = kMaxSliceBytes / sizeof(T), kDots = kMaxDots * 2 * kDepth,
                        kWidest = round_up(few_width<T>(kMaxSliceBytes), kTileColumns<T>),
                        kC = kFewRows * (kWidest + kMaxDots);
  T b[kB];
  T dots[kDots];
  T c[kC];
  T a[kWorkspaceBytes / sizeof(T) - kB - kDots - kC];
};

// The memory for it: made at a thread's first product of some size, kept for the next. The
// destructor of a static or thread_local object may be what multiplies, when thread_local memory
// can be gone. So this is the value of a key: it is freed after a thread's own objects, and main's
// not at all.
inline void* thread_workspace() {
  static const pthread_key_t key = [] {
    pthread_key_t made;
    if (pthread_key_create(&made, free_memory) != 0) throw OutOfMemoryError(kWorkspaceBytes);
    return made;
  }();
  if (void* const kept = pthread_getspecific(key)) return kept;
  void* const memory = allocate_memory(kWorkspaceBytes);
  if (pthread_setspecific(key, memory) == 0) return memory;
  free_memory(memory);
  throw OutOfMemoryError(kWorkspaceBytes);
}

template <class T>
Workspace<T>& workspace() {
  static_assert(sizeof(Workspace<T>) == kWorkspaceBytes);
  return *static_cast<Workspace<T>*>(thread_workspace());
}

// A slice of b as the tiles read it: panel q begins at data + q * panel, its rows are `row` apart.
template <class T>
struct Slice {
  Size k, columns;
  const T* data;
  Size row, panel;
  const T* last = nullptr;  // a copy of the last panel's last row, if tiles would read beyond b
  bool pairs = false;       // multiply the columns that fill no vector in pairs of steps
  Size dots = 0;            // columns to the right of the panels ...
  const T* dot = nullptr;   // ... each contiguous, the first from here
};

// Returns the number of rows of the next tile: six, or a little less if that leaves no sliver at
// the end. 13 rows are 5 + 4 + 4: a tile of one row takes as long to read b as a tile of six.
inline Size next_rows(Size left, const Ideas& use) {
  if (left <= 0) return 0;
  return use.even_rows ? ceil_div(left, ceil_div(left, kTileRows)) : std::min(left, kTileRows);
}

// Returns true if the last columns, which fill no vector, are multiplied in pairs of steps
// (pair_kernel.h). Beside a whole vector this pays only if vectors are wide.
template <class T>
bool in_pairs(Size columns, const Matrix<const T>& a, const Ideas& use) {
  if (!std::same_as<T, float> || !use.pairs || !use.narrow_tiles || a.column != 1) return false;
  const Size rest = columns % kLanes<T>;
  const bool beside = columns % kTileColumns<T> > kLanes<T>;
  return rest > 0 && rest <= kMostPairUnits * kPairUnit && (kWideVectors || !beside);
}

// Returns how many columns a tile reads for `columns`: whole units of pairs, whole vectors, or
// whole tiles if tiles may not be narrow.
template <class T>
Size columns_read(Size columns, bool pairs, const Ideas& use) {
  if (pairs) return round_up(columns, kPairUnit);
  return round_up(columns, use.narrow_tiles ? kLanes<T> : kTileColumns<T>);
}

// Computes rows i to i + rows of c in the columns of panel q: with a tile and, if b.pairs, the
// columns that fill no vector in pairs of steps.
template <class T>
void multiply_panel(Size i, Size rows, Size q, const Matrix<const T>& a, const Slice<T>& b,
                    const Matrix<T>& c, bool add, const Fetch<T>& fetch, const Ideas& use) {
  const Size j = q * kTileColumns<T>, columns = std::min(kTileColumns<T>, b.columns - j);
  const Size rest = b.pairs ? columns % kLanes<T> : 0, tiled = columns - rest;
  const T* const panel = b.data + q * b.panel;
  const bool ends = b.last != nullptr && j + columns == b.columns;
  Tile<T> tile = {.k = b.k,
                  .a = a.from(i, 0),
                  .b = panel,
                  .b_row = b.row,
                  .b_last = ends ? b.last : panel + (b.k - 1) * b.row,
                  .c = c.from(i, j),
                  .columns = tiled,
                  .add = add,
                  .fetch = use.fetch ? fetch : Fetch<T>{}};
  if (tiled > 0) {
    multiply_tile<T>(rows, columns_read<T>(tiled, false, use) / kLanes<T>, tile);
    tile.fetch = {};
  }
  if constexpr (std::same_as<T, float>) {
    if (rest == 0) return;
    tile.b += tiled;
    tile.b_last += tiled;
    tile.c = tile.c.from(0, tiled);
    tile.columns = rest;
    multiply_pairs(rows, tile);
  }
}

template <class T>
void multiply_dots(Size i, Size rows, const Matrix<const T>& a, const Slice<T>& b,
                   const Matrix<T>& c, bool add) {
  if (b.dots == 0) return;
  multiply_dots<T>(rows, b.dots, {b.k, &a(i, 0), a.row, b.dot, b.k, c.from(i, b.columns), add});
}

// Returns share number `i` of `of` in the rows to fetch.
template <class T>
Fetch<T> share(const Fetch<T>& all, Size i, Size of) {
  const Size from = all.rows * i / of, to = all.rows * (i + 1) / of;
  return {all.from.from(from, 0), to - from, all.columns};
}

// Computes c (+)= a b for a slice of b, row by row of tiles: the rows of a stay in the cache, the
// panels of b pass. Each tile fetches its share of the rows of a that come next.
template <class T>
void pass_by_rows(Size m, const Matrix<const T>& a, const Slice<T>& b, const Matrix<T>& c, bool add,
                  const Ideas& use) {
  const Size panels = ceil_div(b.columns, kTileColumns<T>);
  for (Size i = 0, rows; i < m; i += rows) {
    rows = next_rows(m - i, use);
    const Fetch<T> next{a.from(i + rows, 0), next_rows(m - i - rows, use), b.k};
    for (Size q = 0; q < panels; ++q) {
      multiply_panel(i, rows, q, a, b, c, add, share(next, q, panels), use);
    }
    multiply_dots(i, rows, a, b, c, add);
  }
}

// Computes the same panel by panel: a panel of b stays in the cache, the rows of a pass. Each
// panel's tiles fetch their share of the next slice of b.
template <class T>
void pass_by_panels(Size m, const Matrix<const T>& a, const Slice<T>& b, const Matrix<T>& c,
                    bool add, const Fetch<T>& next, const Ideas& use) {
  const Size panels = ceil_div(b.columns, kTileColumns<T>), tiles = ceil_div(m, kTileRows);
  for (Size q = 0; q < panels; ++q) {
    for (Size i = 0, rows, tile = q * tiles; i < m; i += rows, ++tile) {
      rows = next_rows(m - i, use);
      multiply_panel(i, rows, q, a, b, c, add, share(next, tile, tiles * panels), use);
    }
  }
  for (Size i = 0, rows; b.dots > 0 && i < m; i += rows) {
    rows = next_rows(m - i, use);
    multiply_dots(i, rows, a, b, c, add);
  }
}

// Returns how many of the last columns are faster as dot products (dot_kernel.h).
template <class T>
Size dot_columns(const Product<T>& x) {
  const Size rest = x.n % kLanes<T>;
  const bool pays = x.a.column == 1 && x.m > kTileRows && x.k >= 16 * kLanes<T> && x.n >= kLanes<T>;
  return x.use.dots && pays && rest <= kMaxDots ? rest : 0;
}

template <class T>
void set_dots(Size dots, const Matrix<const T>& columns, Slice<T>& b) {
  if (dots == 0) return;
  assert(dots * b.k <= Workspace<T>::kDots);
  T* const to = workspace<T>().dots;
  copy_matrix(dots, b.k, columns.transposed(), to, b.k);
  b.dots = dots;
  b.dot = to;
}

// Returns the most rows of a for which b is better used in place. Tiles several cache lines wide
// read b well there, and for more rows if all of b stays in the cache. Unaligned rows cost one
// extra cache line per load: negligible for 4-line tiles, not for 1-line tiles, whose b may be half
// a slice at most.
template <class T>
Size rows_in_place(Size n, const Product<T>& x) {
  constexpr Size kTileLines = ceil_div(kTileVectors * kVectorBytes, kCacheLine);
  const bool lined_up = x.b.row % (kCacheLine / sizeof(T)) == 0;
  if (x.k * n <= (lined_up ? two_slices<T>() : two_slices<T>() * kTileLines / 4)) {
    return kFewRows * kTileLines;
  }
  return lined_up ? kFewRows : 4 * kTileRows;
}

// Returns true if b is used in place: it is used seldom, and vectors can be read along its rows.
// The last vector of a row may read on into the next row, but never beyond b: the last row of a
// slice is read from a copy. `dense` says that there are no gaps between the rows.
template <class T>
bool use_in_place(const Product<T>& x, bool dense) {
  const Size n = x.n - dot_columns(x);
  const Size beyond = columns_read<T>(n, in_pairs(n, x.a, x.use), x.use) - n;
  return x.use.b_in_place && x.b.column == 1 && x.m <= rows_in_place(n, x) &&
         (beyond == 0 || (dense && beyond <= n));
}

// Multiplies with b in place. Its slices pass through the cache once, a stretch of columns at a
// time.
template <class T>
void multiply_in_place(const Product<T>& x) {
  const Size dots = dot_columns(x), n = x.n - dots;
  const Size widest = few_width<T>(slice_bytes());
  // The rows of a single tile use a panel once: it need not stay in the cache. Where all of b
  // stays, only the room for its columns of dot products sets a limit.
  const bool once = x.m <= kTileRows, stays = x.k * n <= two_slices<T>();
  const Size depth = once ? 4 * kDepth : stays ? 2 * kDepth : kFewDepth;
  const Size kc = ceil_div(x.k, ceil_div(x.k, depth)), few = stays ? 1 : ceil_div(n, widest);
  const Size nc = round_up(ceil_div(n, few), kTileColumns<T>);
  for (Size j = 0; j < n; j += nc) {
    const Size nj = std::min(nc, n - j), more = j + nj == n ? dots : 0;
    const bool aside = x.c.column != 1 && x.k > kc;  // add up in rows, then write c once
    assert(!aside || x.m * (nj + more) <= Workspace<T>::kC);
    const Matrix<T> c = aside ? Matrix<T>{workspace<T>().c, nj + more, 1} : x.c.from(0, j);
    for (Size p = 0; p < x.k; p += kc) {
      Slice<T> b{std::min(kc, x.k - p), nj, &x.b(p, j), x.b.row, kTileColumns<T>};
      b.pairs = in_pairs(nj, x.a, x.use);
      T last[kTileColumns<T>] = {};
      if (columns_read<T>(nj, b.pairs, x.use) > nj) {
        const Size width = (nj - 1) % kTileColumns<T> + 1;
        b.last = std::copy_n(&x.b(p + b.k - 1, j + nj - width), width, last) - width;
      }
      set_dots(more, x.b.from(p, n), b);
      const Fetch<T> next{x.b.from(p + b.k, j), std::min(kc, x.k - p - b.k), nj};
      pass_by_panels(x.m, x.a.from(0, p), b, c, p > 0, next, x.use);
    }
    for (Size q = 0; aside && q < nj + more; ++q) {
      for (Size i = 0; i < x.m; ++i) x.c(i, j + q) = c(i, q);
    }
  }
}

// Multiplies with b packed, for many rows or a b that cannot be used in place. Also copies a if its
// strides are bad for the caches.
template <class T>
void multiply_packed(const Product<T>& x) {
  constexpr Size kPanel = kTileColumns<T>;
  const Size dots = dot_columns(x), n = x.n - dots;
  // A slice may be deeper where n is small, and wider where k is.
  const Size slice = slice_bytes() / Size{sizeof(T)};
  const Size deepest = std::min(2 * kDepth, slice / round_up(std::min(n, slice / kDepth), kPanel));
  const Size kc = ceil_div(x.k, ceil_div(x.k, deepest)), row = kc + kCacheLine / sizeof(T);
  const Size nc = std::min(round_up(n, kPanel), slice / kc / kPanel * kPanel);
  // Rows whole pages apart evict each other from the caches.
  const bool far_apart = x.a.row * Size{sizeof(T)} % 4096 == 0;
  const bool copy_a = x.a.column != 1 || (n > nc && far_apart) || !x.use.a_in_place;
  const Size room = sizeof(Workspace<T>::a) / sizeof(T) / row;
  const Size mc = copy_a ? room / kTileRows * kTileRows : x.m;
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
        Slice<T> b{kp, std::min(nc, n - j), work.b, kPanel, kp * kPanel};
        b.pairs = in_pairs(b.columns, a, x.use);
        pack_panels(kp, b.columns, x.b.from(p, j), work.b,
                    columns_read<T>(b.columns, b.pairs, x.use));
        if (j + b.columns == n) set_dots(dots, x.b.from(p, n), b);
        pass_by_rows(mi, a, b, x.c.from(i, j), p > 0, x.use);
      }
    }
  }
}

}  // namespace foundations
