#include "common/nn/conv_plan.h"

#include <stdexcept>

#include "common/base/error.h"

namespace foundations {

ConvSizes checked_sizes(const std::string& name, const Shape& x, const Shape& weight,
                        const Conv2dOptions& options) {
  if (options.stride < 1 || options.padding < 0) {
    throw std::invalid_argument(
        name + "() needs a stride of at least 1 and a padding of at least 0, but got " +
        std::to_string(options.stride) + " and " + std::to_string(options.padding));
  }
  if (x.size() != 4 || weight.size() != 4 || x[1] != weight[1]) {
    throw ShapeError(name + "() needs x [n, in, h, w] and weight [out, in, kh, kw], but got " +
                     bracketed(x) + " and " + bracketed(weight));
  }
  ConvSizes s{x[0],      x[1],      x[2],           x[3],           weight[0],
              weight[2], weight[3], options.stride, options.padding};
  if (s.in == 0 || s.h == 0 || s.w == 0) {
    throw ShapeError(name + "() needs images with channels and pixels, but got " + bracketed(x));
  }
  const Size height = s.h + 2 * s.padding, width = s.w + 2 * s.padding;
  if (s.kh < 1 || s.kw < 1 || height < s.kh || width < s.kw) {
    throw ShapeError(name + "() needs a kernel no larger than the padded image, " +
                     bracketed({height, width}) + ", but got " + bracketed({s.kh, s.kw}));
  }
  s.oh = (height - s.kh) / s.stride + 1;
  s.ow = (width - s.kw) / s.stride + 1;
  return s;
}

namespace {

// Adds a result, to the last segment if it meets the same taps.
void append(std::vector<Segment>& segments, Segment one) {
  if (one.taps <= 0) one.from = one.tap = one.taps = 0;
  if (!segments.empty()) {
    Segment& last = segments.back();
    if (last.tap == one.tap && last.taps == one.taps &&
        last.first + last.count * last.step == one.first) {
      ++last.count;
      return;
    }
  }
  segments.push_back(one);
}

// Sorts the long segments to the front: they read the images in order, and the others find them in
// the cache.
void long_ones_first(std::vector<Segment>& segments) {
  std::stable_sort(segments.begin(), segments.end(),
                   [](const Segment& a, const Segment& b) { return a.count > b.count; });
}

}  // namespace

Axis forward_axis(Size pixels, Size kernel, Size results, const Conv2dOptions& options) {
  Axis axis;
  for (Size k = 0; k < kernel; ++k) axis.order.push_back(k);
  for (Size o = 0; o < results; ++o) {
    const Size corner = o * options.stride - options.padding;
    const Size tap = std::max<Size>(0, -corner), end = std::min(kernel, pixels - corner);
    append(axis.segments, {.first = o,
                           .step = 1,
                           .count = 1,
                           .from = corner + tap,
                           .move = options.stride,
                           .tap = tap,
                           .taps = end - tap});
  }
  long_ones_first(axis.segments);
  return axis;
}

Axis backward_axis(Size pixels, Size kernel, Size results, const Conv2dOptions& options) {
  const Size stride = options.stride;
  Axis axis;
  for (Size v = 0; v < stride; ++v) {
    const Size begin = std::ssize(axis.order),
               count = v < kernel ? ceil_div(kernel - v, stride) : 0;
    for (Size b = count - 1; b >= 0; --b) axis.order.push_back(v + b * stride);
    // The pixels whose first k is v.
    for (Size i = ((v - options.padding) % stride + stride) % stride; i < pixels; i += stride) {
      const Size o = (i + options.padding - v) / stride - (count - 1);  // with the largest k
      const Size skipped = std::max<Size>(0, -o), end = std::min(count, results - o);
      append(axis.segments, {.first = i,
                             .step = stride,
                             .count = 1,
                             .from = o + skipped,
                             .move = 1,
                             .tap = begin + skipped,
                             .taps = end - skipped});
    }
  }
  long_ones_first(axis.segments);
  return axis;
}

std::array<Direction, 3> directions(Direction x, Direction y, Direction image) {
  if (x.count >= kEnough || x.count >= std::max(y.count, image.count)) return {x, y, image};
  if (y.count >= kEnough || y.count >= image.count) return {y, x, image};
  return {image, x, y};
}

int shares_of(const ConvSizes& s) {
  const double work = double(s.n) * s.oh * s.ow * s.out * s.in * s.kh * s.kw;
  const Size most = std::min<Size>(threads_available(), s.n);
  return work < 1e6 ? 1 : static_cast<int>(std::max<Size>(most, 1));
}

// A block of results that meet the same taps, down and across, is a strip of tiles after another.
// Its patch is a run of memory for each of its lines; at the image's edge there are fewer runs, and
// they are shorter. So the padding is nowhere.
template <class T>
void Convolution<T>::run(Size first, Size last) const {
  std::vector<Run<T>> runs(down.order.size());
  for (Size j = 0; j < kernel.columns(); j += kernel.width(j)) {
    for (const Segment& y : down.segments) {
      for (const Segment& x : across.segments) {
        for (Size a = 0; a < y.taps; ++a) {
          runs[a] = {
              from.data + first * from.image + (y.from + a) * from.line + x.from * from.pixel,
              static_cast<std::size_t>(((y.tap + a) * std::ssize(across.order) + x.tap) *
                                       from.pixel),
              x.taps * from.pixel};
        }
        const auto [strip, inner, outer] = directions(
            {x.count, x.move * from.pixel, x.step * to.pixel},
            {y.count, y.move * from.line, y.step * to.line}, {last - first, from.image, to.image});
        T* const corner = to.data + first * to.image + y.first * to.line + x.first * to.pixel + j;
        for (Size o = 0; o < outer.count; ++o) {
          for (Size i = 0; i < inner.count; ++i) {
            multiply_strip<T>(kernel.lanes(), kernel.vectors(j),
                              {.runs = runs.data(),
                               .count = x.taps == 0 ? 0 : y.taps,
                               .row = strip.a,
                               .step = 1,
                               .b = kernel.panel(j),
                               .b_row = kernel.width(j)},
                              o * outer.a + i * inner.a,
                              {.c = corner + o * outer.c + i * inner.c,
                               .c_row = strip.c,
                               .rows = strip.count,
                               .columns = std::min(kernel.width(j), kernel.columns() - j),
                               .start = start.panel(j),
                               .start_row = 0});
          }
        }
      }
    }
  }
}

template struct Convolution<float>;
template struct Convolution<double>;

}  // namespace foundations
