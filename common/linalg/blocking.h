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

#include "common/base/memory.h"
#include "common/linalg/dot_kernel.h"
#include "common/linalg/pack.h"

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
// The depth of a slice. With 512 for 1024, 2048^3 took 5 % longer on a Zen 4: twice the passes over
// c.
inline constexpr Size kDepth = kVectorBytes == 64 ? 1024 : 512;

// Returns the distance of copied rows of a: no power of two, or they would collide in the caches.
template <class T>
Size padded(Size k) {
  return k + kCacheLine / sizeof(T);
}

// For few rows of a, packing b costs more than it saves: at 64 x 784 x 50 a tenth of the product. A
// slice of b is then used in place, so shallow that a panel of it stays in the first-level cache.
// A b that fits four fifths of the second-level cache is cut only if it is deep.
inline constexpr Size kFewRows = 128, kFewDepth = 128;
template <class T>
Size stays_in_cache() {
  return slice_bytes() / Size{sizeof(T)} * 8 / 5;
}

// Where a thread copies parts of the operands to.
inline constexpr Size kWorkspaceBytes = 6 << 20;  // three large pages
template <class T>
struct Workspace {
  T b[kMaxSliceBytes / sizeof(T)];
  T c[kMaxSliceBytes / sizeof(T)];
  T dots[kMaxDots * 2 * kDepth];
  T a[(kWorkspaceBytes - 2 * kMaxSliceBytes) / sizeof(T) - kMaxDots * 2 * kDepth];
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
  Size columns, width;  // in all, and of a panel
  const T* data;
  Size row, panel;
  const T* last = nullptr;   // a copy of the last panel's last row, if tiles would read beyond b
  Size dots = 0;             // columns to the right of the panels ...
  Matrix<const T> dot = {};  // ... each contiguous
};

// Computes the columns of c in panel q of b; or, behind the last panel, the dot products.
template <class T>
void multiply_panel(const Product<T>& x, const Slice<T>& b, Size q) {
  const Size j = q * b.width;
  if (j >= b.columns) {
    return multiply_dots<T>({x.m, x.k, b.dots, x.a, b.dot, x.c.from(0, b.columns), x.add});
  }
  const Size columns = std::min(b.width, b.columns - j);
  const bool ends = b.last != nullptr && j + columns == b.columns;
  const T* const panel = b.data + q * b.panel;
  const T* const last = ends ? b.last : panel + (x.k - 1) * b.row;
  multiply_tile<T>({x.m, x.k, columns, x.a, {panel, b.row, 1}, x.c.from(0, j), x.add}, last);
}

// Computes x with a slice of b. `group` panels are together in the cache while the rows of a pass.
template <class T>
void pass(const Product<T>& x, const Slice<T>& b, Size group) {
  const Size panels = ceil_div(b.columns, b.width) + (b.dots > 0);
  // Tiles of nearly equal height: a tile of one row takes as long to read b as a tile of six. If
  // there are only dot products, they take all rows at once.
  const Size tiles = b.columns == 0 ? 1 : ceil_div(x.m, kTileRows);
  const Size height = x.m / tiles, higher = x.m % tiles;
  for (Size first = 0; first < panels; first += group) {
    Product<T> part = x;
    for (Size t = 0; t < tiles; ++t) {
      part.m = height + (t < higher);
      for (Size q = first; q < std::min(panels, first + group); ++q) multiply_panel(part, b, q);
      part.a = part.a.from(part.m, 0);
      part.c = part.c.from(part.m, 0);
    }
  }
}

// Returns how many of the last columns are faster as dot products (dot_kernel.h).
template <class T>
Size dot_columns(const Product<T>& x) {
  if (x.a.column != 1) return 0;
  if (x.n == 1) return 1;
  const Size rest = x.n % kLanes<T>;
  const bool pays = x.m > kTileRows && x.k >= 16 * kLanes<T> && x.n >= kLanes<T>;
  return pays && rest <= kMaxDots ? rest : 0;
}

// Returns the most rows of a for which b is better used in place. Tiles several cache lines wide
// read b well there, and for more rows if all of b stays in the cache. Unaligned rows cost one
// extra cache line per load: negligible for 4-line tiles, not for 1-line tiles, whose b may be
// two fifths of a slice at most.
template <class T>
Size rows_in_place(const Product<T>& x, Size n) {
  constexpr Size kTileLines = ceil_div(kTileVectors * kVectorBytes, kCacheLine);
  const bool lined_up = x.b.row % (kCacheLine / sizeof(T)) == 0;
  if (x.k * n <= (lined_up ? stays_in_cache<T>() : stays_in_cache<T>() * kTileLines / 4)) {
    return kFewRows * kTileLines;
  }
  return lined_up ? kFewRows : 4 * kTileRows;
}

// Returns true if n columns of b are used in place: seldom, and vectors can be read along its rows.
// The last vector of a row may read on into the next row, but never beyond b: the last row of a
// slice is read from a copy. `dense` says that there are no gaps between the rows.
template <class T>
bool use_in_place(const Product<T>& x, Size n, bool dense) {
  const Size beyond = round_up(n, kLanes<T>) - n;
  return n == 0 ||
         (x.b.column == 1 && x.m <= rows_in_place(x, n) && (beyond == 0 || (dense && beyond <= n)));
}

// How a product is cut.
struct Cut {
  Size mc, kc, nc;  // rows of a that are copied at a time, depth and width of a slice of b
  bool in_place, copy_a;
};

template <class T>
Cut cut(const Product<T>& x, Size n, bool dense) {
  constexpr Size kPanel = kTileColumns<T>;
  if (use_in_place(x, n, dense)) {
    // The rows of a single tile use a panel once: it need not stay in the cache.
    const bool deep = x.m <= kTileRows || x.k * n <= stays_in_cache<T>();
    const Size depth = deep ? 2 * kDepth : kFewDepth;
    return {x.m, ceil_div(x.k, ceil_div(x.k, depth)), std::max<Size>(n, 1), true, false};
  }
  // A slice may be deeper where n is small, and wider where k is.
  const Size slice = slice_bytes() / Size{sizeof(T)};
  const Size deepest = std::min(2 * kDepth, slice / round_up(std::min(n, slice / kDepth), kPanel));
  const Size kc = ceil_div(x.k, ceil_div(x.k, deepest));
  const Size nc = std::min(round_up(n, kPanel), slice / kc / kPanel * kPanel);
  // Rows whole pages apart evict each other from the caches.
  const bool far_apart = x.a.row * Size{sizeof(T)} % 4096 == 0;
  const bool copy_a = x.a.column != 1 || (n > nc && far_apart);
  const Size room = sizeof(Workspace<T>::a) / sizeof(T) / padded<T>(kc);
  return {copy_a ? room / kTileRows * kTileRows : x.m, kc, nc, false, copy_a};
}

// Returns a slice of b, [k, columns], where it lies. Copies its last row to `last`, of a panel's
// width, if tiles would read beyond it.
template <class T>
Slice<T> slice_in_place(Size k, Size columns, Size width, const Matrix<const T>& b, T* last) {
  Slice<T> slice{columns, width, b.data, b.row, width};
  if (columns % kLanes<T> != 0) {
    const Size rest = (columns - 1) % width + 1;
    std::copy_n(&b(k - 1, columns - rest), rest, last);
    slice.last = last;
  }
  return slice;
}

// Returns a slice of b, [k, columns], packed.
template <class T>
Slice<T> packed_slice(Size k, Size columns, const Matrix<const T>& b) {
  T* const to = workspace<T>().b;
  pack_panels(k, columns, b, to, round_up(columns, kLanes<T>));
  return {columns, kTileColumns<T>, to, kTileColumns<T>, k * kTileColumns<T>};
}

// Computes x, slice by slice of b.
template <class T>
void multiply_slices(const Product<T>& x, bool dense) {
  const Size dots = dot_columns(x), n = x.n - dots;
  const auto [mc, kc, nc, in_place, copy_a] = cut(x, n, dense);
  const Size width = x.m == 1 ? kRowColumns<T> : kTileColumns<T>;
  for (Size i = 0; i < x.m; i += mc) {
    for (Size p = 0; p < x.k; p += kc) {
      Product<T> part = x;
      part.m = std::min(mc, x.m - i);
      part.k = std::min(kc, x.k - p);
      part.a = x.a.from(i, p);
      part.add = p > 0;
      if (copy_a) {
        const Size row = padded<T>(kc);
        copy_matrix(part.m, part.k, part.a, workspace<T>().a, row);
        part.a = {workspace<T>().a, row, 1};
      }
      for (Size j = 0; j == 0 || j < n; j += nc) {
        T last[kRowColumns<T>] = {};
        const Size columns = std::min(nc, n - j);
        Slice<T> b = in_place ? slice_in_place(part.k, columns, width, x.b.from(p, j), last)
                              : packed_slice(part.k, columns, x.b.from(p, j));
        if (dots > 0 && j + columns == n) {
          b.dots = dots;
          b.dot = {workspace<T>().dots, 1, part.k};
          copy_matrix(dots, part.k, x.b.from(p, n).transposed(), workspace<T>().dots, part.k);
        }
        part.c = x.c.from(i, j);
        pass(part, b, in_place ? 1 : ceil_div(columns, kTileColumns<T>) + 1);
      }
    }
  }
}

// Computes one thread's part of a product. Where c does not lie in rows and would be added to, it
// is summed aside in rows, a strip of columns at a time.
template <class T>
void multiply_block(const Product<T>& x, bool dense) {
  const Size room = sizeof(Workspace<T>::c) / sizeof(T), strip = room / x.m / kLanes<T> * kLanes<T>;
  if (x.c.column == 1 || x.m == 1 || x.k <= kFewDepth || strip < kTileColumns<T>) {
    return multiply_slices(x, dense);
  }
  for (Size j = 0; j < x.n; j += strip) {
    const Size n = std::min(strip, x.n - j);
    const Matrix<T> c = {workspace<T>().c, n, 1};
    multiply_slices<T>({x.m, x.k, n, x.a, x.b.from(0, j), c}, dense);
    for (Size q = 0; q < n; ++q) {
      for (Size i = 0; i < x.m; ++i) x.c(i, j + q) = c(i, q);
    }
  }
}

}  // namespace foundations
