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
  return axis;
}

Axis backward_axis(Size pixels, Size kernel, Size results, const Conv2dOptions& options) {
  const Size stride = options.stride;
  Axis axis;
  for (Size v = 0; v < stride; ++v) {
    const Size begin = std::ssize(axis.order), count = v < kernel ? ceil_div(kernel - v, stride) : 0;
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
  return axis;
}

int shares_of(const ConvSizes& s) {
  const double work = double(s.n) * s.oh * s.ow * s.out * s.in * s.kh * s.kw;
  const Size most = std::min<Size>(threads_available(), s.n);
  return work < 1e6 ? 1 : static_cast<int>(std::max<Size>(most, 1));
}

template <class T>
void Convolution<T>::run(Size first, Size last) const {
  const Size images = last - first, columns = std::ssize(across.order);
  std::vector<Run<T>> runs(down.order.size());
  for (Size j = 0; j < kernel.columns(); j += kernel.width(j)) {
    // Fills in the patch of a result and computes one strip of such results: rows of the tile are
    // `row` apart in the source and c_row in the result.
    const auto strip = [&](Size y, Size tap_y, Size taps_y, const Segment& x, Size x_first,
                           Size x_from, const T* source, T* result, Size rows, Size row,
                           Size c_row) {
      for (Size a = 0; a < taps_y; ++a) {
        runs[a] = {source + (y + a) * from.line + x_from * from.pixel,
                   ((tap_y + a) * columns + x.tap) * from.pixel, x.taps * from.pixel};
      }
      multiply_strip<T>(kernel.lanes(), kernel.vectors(j),
                        {.runs = runs.data(),
                         .count = x.taps == 0 ? 0 : taps_y,
                         .row = row,
                         .step = 1,
                         .b = kernel.panel(j),
                         .b_row = kernel.width(j)},
                        0,
                        {.c = result + x_first * to.pixel + j,
                         .c_row = c_row,
                         .rows = rows,
                         .columns = std::min(kernel.width(j), kernel.columns() - j),
                         .start = start.panel(j),
                         .start_row = 0});
    };
    for (const Segment& x : across.segments) {
      const bool wide = x.count >= kEnoughPixels || x.count >= images;
      for (Size outer = 0; outer < (wide ? images : 1); ++outer) {
        const T* const source = from.data + (first + outer) * from.image;
        T* const result = to.data + (first + outer) * to.image;
        for (const Segment& y : down.segments) {
          for (Size line = 0; line < y.count; ++line) {
            T* const here = result + (y.first + line * y.step) * to.line;
            const Size y_from = y.from + line * y.move;
            if (wide) {
              strip(y_from, y.tap, y.taps, x, x.first, x.from, source, here, x.count,
                    x.move * from.pixel, x.step * to.pixel);
              continue;
            }
            for (Size i = 0; i < x.count; ++i) {
              strip(y_from, y.tap, y.taps, x, x.first + i * x.step, x.from + i * x.move, source,
                    here, images, from.image, to.image);
            }
          }
        }
      }
    }
  }
}

template struct Convolution<float>;
template struct Convolution<double>;

}  // namespace foundations
