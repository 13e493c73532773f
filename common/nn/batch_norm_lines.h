// Lines: how batch_norm.cc walks over a matrix whose columns are few.
//
// With 8 channels a loop over the channels of a row would be half a vector long. So as many rows as
// have at least kLine numbers are taken together, a line, and what belongs to a channel is repeated
// along it:
//
//   rows of 3 channels    a b c | a b c | a b c | ...        a line of 129 numbers
//   their means           m n o | m n o | m n o | ...        repeated 43 times
#pragma once

#include <algorithm>
#include <vector>

#include "common/base/openmp.h"
#include "common/linalg/matrix.h"
#include "common/tensor/tensor.h"
#include "common/tensor/walk.h"

namespace foundations {

inline constexpr Size kLine = 128;
// So many numbers are added in T before they are added in double; they stay in the second cache.
inline constexpr Size kBlock = 16 << 10;

struct Lines {
  Size rows, channels;
  Size width = ceil_div(kLine, channels) * channels;
  Size block = std::max<Size>(1, kBlock / channels);  // rows

  // Where share t of so many begins; every number of shares makes the same cuts.
  Size share(Size t, Size shares) const { return rows * t / shares; }

  template <class T, class F>
  std::vector<T> repeated(const F& of_channel) const {
    std::vector<T> line(width);
    for (Size j = 0; j < width; ++j) line[j] = static_cast<T>(of_channel(j % channels));
    return line;
  }

  // Calls body(at, n) for the numbers at .. at + n - 1 of each line of rows from .. to - 1.
  template <class Body>
  void walk(Size from, Size to, const Body& body) const {
    const Size end = to * channels;
    for (Size at = from * channels; at < end; at += width) body(at, std::min(width, end - at));
  }

  // The same for all rows, each thread with its share.
  template <class Body>
  void walk_all(const Body& body) const {
    const int shares = threads_for(rows * channels);
    run_shares(shares, [&](int t) { walk(share(t, shares), share(t + 1, shares), body); });
  }

  // Adds up each channel of a line.
  template <class T>
  void fold(const std::vector<T>& line, double* sums) const {
    std::fill_n(sums, channels, 0);
    for (Size j = 0; j < width; j += channels) {
      for (Size c = 0; c < channels; ++c) sums[c] += static_cast<double>(line[j + c]);
    }
  }
};

template <class T>
Lines lines_of(const TensorOf<T>& rows) {
  return {rows.numel() / rows.size(-1), rows.size(-1)};
}

}  // namespace foundations
