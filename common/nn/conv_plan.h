// What conv2d and its gradients share: which pixels meet which taps of the kernel, and how the
// kernel and the images lie in memory.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "common/base/openmp.h"
#include "common/nn/channels_last.h"
#include "common/nn/conv.h"
#include "common/nn/conv_tile.h"

namespace foundations {

// All sizes of one convolution.
struct ConvSizes {
  Size n, in, h, w, out, kh, kw, stride, padding;
  Size oh = 0, ow = 0;
};

// Throws for what conv.h says. `name` is the function's.
ConvSizes checked_sizes(const std::string& name, const Shape& x, const Shape& weight,
                        const Conv2dOptions& options);

// ---- One dimension, height or width. A tap is one position of the kernel. -----------------------

// Results that meet the same taps: `count` of them, every `step`-th from `first` on. The first has
// its first tap over pixel `from` of the source, the next results `move` further each.
struct Segment {
  Size first, step, count;
  Size from, move;
  Size tap, taps;  // which taps meet a pixel of the source, and not the padding
};

// `order` has the kernel's index of each tap, sorted so that the taps of a result are neighbours
// and meet one pixel after the other.
struct Axis {
  std::vector<Size> order;
  std::vector<Segment> segments;
};

// Result o meets pixel o * stride + k - padding with kernel index k.
Axis forward_axis(Size pixels, Size kernel, Size results, const Conv2dOptions& options);

// The other way: pixel i of the image is the result, and its sources are all o for which there is a
// k with o * stride + k = i + padding. So k is one of v, v + stride, v + 2 stride, ... for a v that
// depends on i, and when o grows by one, k falls by the stride.
Axis backward_axis(Size pixels, Size kernel, Size results, const Conv2dOptions& options);

// ---- Memory -------------------------------------------------------------------------------------

// Channels-last images, and how far it is from one to the next, a line down, a pixel to the right.
template <class T>
struct Images {
  T* data;
  Size image, line, pixel;
};
template <class T>
Images<T> images_of(const TensorOf<T>& x) {
  return {x.data(), x.size(1) * x.size(2) * x.size(3), x.size(1) * x.size(3), x.size(1)};
}

template <class T>
Images<const T> read_only(const Images<T>& x) {
  return {x.data, x.image, x.line, x.pixel};
}

// Returns x if it lies channels-last, else a copy that does. Behind the last element are `room`
// numbers that may be read.
template <class T>
TensorOf<T> channels_last(const TensorOf<T>& x, Size room = 0) {
  const TensorOf<T> last = x.permute({0, 2, 3, 1});
  if (room == 0 && last.is_contiguous()) return x;
  const TensorOf<T> copy = full<T>(Shape{x.numel() + room}, T(0));
  const Size count = last.numel();
  return copy.slice(0, 0, count).view(last.shape()).copy_(last).permute({0, 3, 1, 2});
}

// The matrix b of a tile, cut into panels of as many columns as a tile has. The rows of a panel are
// `width` apart, and lie interleaved two by two where the lanes are pairs of steps. Behind the last
// row is room for one more: a pair of rows may begin at the last.
template <class T>
class Panels {
 public:
  Panels(Size rows, Size columns, LanesAre paired = LanesAre::kStepPairs)
      : rows_(round_up(rows, 2)),
        columns_(columns),
        lanes_(sizeof(T) == 4 && columns <= kLanes<T> / 2 ? paired : LanesAre::kColumns),
        widest_(lanes_ == LanesAre::kColumns ? kWidest * kLanes<T> : kLanes<T> / 2),
        data_(full<T>(Shape{rows_ * round_up(columns, std::min(widest_, kLanes<T>)) + widest_},
                      T(0))) {}

  LanesAre lanes() const { return lanes_; }
  Size rows() const { return rows_; }
  Size columns() const { return columns_; }
  const TensorOf<T>& data() const { return data_; }
  // The panel that begins at column j.
  Size width(Size j) const {
    return std::min(widest_, round_up(columns_ - j, std::min(widest_, kLanes<T>)));
  }
  Size vectors(Size j) const { return ceil_div(width(j), kLanes<T>); }
  T* panel(Size j) const { return data_.data() + j * rows_; }

  T& operator()(Size r, Size column) const {
    if (lanes_ == LanesAre::kStepPairs) return data_.data()[r / 2 * kLanes<T> + 2 * column + r % 2];
    const Size j = column / widest_ * widest_;
    return panel(j)[r * width(j) + column - j];
  }

 private:
  Size rows_, columns_;
  LanesAre lanes_;
  Size widest_;
  TensorOf<T> data_;
};

// Returns how many threads share the images.
int shares_of(const ConvSizes& s);

// A tile may have its rows along a line of an image, down its lines or across the images. How many
// there are, and how far apart in what is read and what is written.
struct Direction {
  Size count, a, c;
};
// Returns the direction of the tiles first: the nearest one in memory that fills a tile.
inline constexpr Size kEnough = 12;
std::array<Direction, 3> directions(Direction x, Direction y, Direction image);

// The images of a group stay in the second-level cache.
inline constexpr Size kGroupBytes = 256 << 10;
template <class T>
Size group_of(Size numel) {
  return std::max<Size>(1, kGroupBytes / Size{sizeof(T)} / std::max<Size>(1, numel));
}

// Writes to[first..last), results of a convolution: for each, `start` plus the sum over the taps of
// the pixel there times the rows of the kernel.
template <class T>
struct Convolution {
  Axis down, across;
  Panels<T> kernel;  // [down.order, across.order, channels of from]
  Panels<T> start;   // [1, channels of to]
  Images<const T> from;
  Images<T> to;

  // Sets the kernel: weight(source, result, ky, kx) is what goes from one channel to another.
  template <class Weight>
  void set_kernel(const Weight& weight) const {
    Size row = 0;
    for (const Size ky : down.order) {
      for (const Size kx : across.order) {
        for (Size source = 0; source < from.pixel; ++source, ++row) {
          for (Size result = 0; result < to.pixel; ++result) {
            kernel(row, result) = weight(source, result, ky, kx);
          }
        }
      }
    }
  }

  void run(Size first, Size last) const;
};

// Calls work(share, first, last) for all images, a group at a time; `numel` is of one image.
template <class T, class Work>
void for_groups(const ConvSizes& s, int shares, Size numel, const Work& work) {
  const Size group = group_of<T>(numel);
  run_shares(shares, [&](int t) {
    const Size end = s.n * (t + 1) / shares;
    for (Size i = s.n * t / shares; i < end; i += group) work(t, i, std::min(end, i + group));
  });
}

}  // namespace foundations
