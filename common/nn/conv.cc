#include "common/nn/conv.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/base/openmp.h"
#include "common/nn/conv_tile.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

// All sizes of one convolution.
struct Sizes {
  Size n, in, h, w, out, kh, kw, stride, padding;
  Size oh = 0, ow = 0;
};

template <class T>
Sizes checked(const std::string& name, const TensorOf<T>& x, const TensorOf<T>& weight,
              const Conv2dOptions& options) {
  if (options.stride < 1 || options.padding < 0) {
    throw std::invalid_argument(
        name + "() needs a stride of at least 1 and a padding of at least 0, but got " +
        std::to_string(options.stride) + " and " + std::to_string(options.padding));
  }
  if (x.dim() != 4 || weight.dim() != 4 || x.size(1) != weight.size(1)) {
    throw ShapeError(name + "() needs x [n, in, h, w] and weight [out, in, kh, kw], but got " +
                     bracketed(x.shape()) + " and " + bracketed(weight.shape()));
  }
  Sizes s{x.size(0),      x.size(1),      x.size(2),      x.size(3),      weight.size(0),
          weight.size(2), weight.size(3), options.stride, options.padding};
  if (s.in == 0 || s.h == 0 || s.w == 0) {
    throw ShapeError(name + "() needs images with channels and pixels, but got " +
                     bracketed(x.shape()));
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

// An image with its channels innermost and room around it: [height, width, channels].
struct Frame {
  Size height, width, channels, top = 0, left = 0;  // where the image begins
  Size line() const { return width * channels; }
  Size numel() const { return height * width * channels; }
};

// Copies image i of x into a frame of zeros.
template <class T>
void pad(const TensorOf<T>& x, Size i, const Frame& frame, T* to) {
  const Size channels = x.size(1), h = x.size(2), w = x.size(3);
  const Size c_step = x.stride(1), y_step = x.stride(2), x_step = x.stride(3);
  const T* from = x.data() + i * x.stride(0);
  std::fill_n(to, frame.top * frame.line(), T(0));
  for (Size y = 0; y < h; ++y) {
    T* line = to + (frame.top + y) * frame.line();
    std::fill_n(line, frame.left * channels, T(0));
    line += frame.left * channels;
    const T* pixels = from + y * y_step;
    if ((c_step == 1 || channels == 1) && x_step == channels) {
      std::copy_n(pixels, w * channels, line);
    } else {
      for (Size c = 0; c < channels; ++c) {
        for (Size p = 0; p < w; ++p) line[p * channels + c] = pixels[p * x_step + c * c_step];
      }
    }
    std::fill_n(line + w * channels, (frame.width - frame.left - w) * channels, T(0));
  }
  std::fill_n(to + (frame.top + h) * frame.line(), (frame.height - frame.top - h) * frame.line(),
              T(0));
}

// The images of a batch in frames, a group at a time: in place if they lie like that, or copied.
template <class T>
class Frames {
 public:
  // The last frame of a group is followed by `room` numbers that may be read.
  Frames(const TensorOf<T>& images, const Frame& frame, Size group, Size room = 0)
      : images_(images), frame_(frame) {
    const Shape& shape = images.shape();
    in_place_ = room == 0 && shape[2] == frame.height && shape[3] == frame.width &&
                images.permute({0, 2, 3, 1}).is_contiguous();
    if (!in_place_) copies_ = full<T>(Shape{group * frame.numel() + room}, T(0));
  }

  // Returns the first of `count` frames, one after the other.
  const T* group(Size first, Size count) const {
    if (in_place_) return images_.data() + first * frame_.numel();
    for (Size i = 0; i < count; ++i) {
      pad(images_, first + i, frame_, copies_.data() + i * frame_.numel());
    }
    return copies_.data();
  }

 private:
  TensorOf<T> images_, copies_;
  Frame frame_;
  bool in_place_;
};

// A group of images is what fits a part of the second-level cache, and at least one.
inline constexpr Size kGroupBytes = 128 << 10, kKernelBytes = 24 << 10;
template <class T>
Size group_of(Size numel) {
  return std::max<Size>(1, kGroupBytes / Size{sizeof(T)} / numel);
}

// How the columns of a matrix are cut into panels: of whole vectors, a tile wide.
template <class T>
struct Columns {
  Size count;
  int bytes = count <= kLanes<T> / 2 ? kVectorBytes / 2 : kVectorBytes;
  Size lanes = bytes / sizeof(T), padded = round_up(count, lanes);
  Size widest = bytes == kVectorBytes ? kTileVectors * lanes : lanes;

  Size width(Size j) const { return std::min(widest, padded - j); }
  Panel<T> panel(const T* data, Size row, Size j) const {
    return {data, row, static_cast<int>(width(j) / lanes), bytes};
  }
};

// A matrix of `rows` rows, panel by panel, each contiguous.
template <class T>
class Panels {
 public:
  Panels(Size rows, Size columns) : columns_{columns}, rows_(rows), data_(zeros_(rows)) {}

  const Columns<T>& columns() const { return columns_; }
  T* row(Size r, Size j) const { return data_.data() + j * rows_ + r * columns_.width(j); }
  Panel<T> panel(Size j) const { return columns_.panel(row(0, j), columns_.width(j), j); }
  T& operator()(Size r, Size column) const {
    const Size j = column / columns_.widest * columns_.widest;
    return row(r, j)[column - j];
  }
  const TensorOf<T>& data() const { return data_; }

 private:
  TensorOf<T> zeros_(Size rows) { return full<T>(Shape{rows * columns_.padded}, T(0)); }
  Columns<T> columns_;
  Size rows_;
  TensorOf<T> data_;
};

template <class T>
TensorOf<T> channels_last(Size n, Size c, Size h, Size w) {
  return empty<T>(Shape{n, h, w, c}).permute({0, 3, 1, 2});
}

Frame input_frame(const Sizes& s) {
  return {s.h + 2 * s.padding, s.w + 2 * s.padding, s.in, s.padding, s.padding};
}

int shares_of(const Sizes& s) {
  const double work = double(s.n) * s.oh * s.ow * s.out * s.in * s.kh * s.kw;
  const Size most = std::min<Size>(threads_available(), s.n);
  return work < 1e6 ? 1 : static_cast<int>(std::max<Size>(most, 1));
}

}  // namespace

template <std::floating_point T>
TensorOf<T> conv2d(const TensorOf<T>& x, const TensorOf<T>& weight, const TensorOf<T>& bias,
                   const Conv2dOptions& options) {
  const Sizes s = checked("conv2d", x, weight, options);
  if (bias.defined() && bias.shape() != Shape{s.out}) {
    throw ShapeError("conv2d() needs a bias of [" + std::to_string(s.out) + "], but got " +
                     bracketed(bias.shape()));
  }
  const TensorOf<T> result = channels_last<T>(s.n, s.out, s.oh, s.ow);
  if (s.n == 0 || s.out == 0) return result;

  const Panels<T> kernel(s.kh * s.kw * s.in, s.out), start(1, s.out);
  for (Size j = 0; j < s.out; ++j) {
    if (bias.defined()) start(0, j) = bias(j);
    for (Size ky = 0; ky < s.kh; ++ky) {
      for (Size kx = 0; kx < s.kw; ++kx) {
        for (Size c = 0; c < s.in; ++c) {
          kernel((ky * s.kw + kx) * s.in + c, j) = weight(j, c, ky, kx);
        }
      }
    }
  }
  const Frame frame = input_frame(s);
  const Size group = group_of<T>(frame.numel()), depth = s.kw * s.in;
  const int shares = shares_of(s);
  run_shares(shares, [&](int t) {
    const Frames<T> frames(x, frame, group);
    std::vector<const T*> lines(s.kh);
    const Size end = s.n * (t + 1) / shares;
    for (Size first = s.n * t / shares; first < end; first += group) {
      const Size images = std::min(group, end - first);
      const T* const padded = frames.group(first, images);
      for (Size j = 0; j < s.out; j += kernel.columns().widest) {
        const Size width = kernel.columns().width(j), columns = std::min(width, s.out - j);
        const Panel<T> panel = kernel.panel(j);
        // So much of the kernel at a time as stays in the first-level cache.
        const Size at_once =
            columns < width
                ? s.kh
                : std::clamp<Size>(kKernelBytes / Size{sizeof(T)} / (depth * width), 1, s.kh);
        for (Size k = 0; k < s.kh; k += at_once) {
          const Size rows = std::min(at_once, s.kh - k);
          for (Size line = 0; line < images * s.oh; ++line) {
            for (Size ky = 0; ky < rows; ++ky) {
              lines[ky] = padded + line / s.oh * frame.numel() +
                          (line % s.oh * s.stride + k + ky) * frame.line();
            }
            T* const to = result.data() + (first * s.oh + line) * s.ow * s.out + j;
            multiply_strip<T>(
                s.ow,
                {.lines = lines.data(), .count = rows, .steps = depth, .row = s.stride * s.in}, 0,
                {panel.data + k * depth * width, width, panel.vectors, panel.bytes},
                {.start = k == 0 ? start.row(0, j) : to,
                 .start_row = k == 0 ? 0 : s.out,
                 .c = to,
                 .c_row = s.out,
                 .columns = columns});
          }
        }
      }
    }
  });
  return result;
}

namespace {

// The gradient by x: the products that conv2d made, sorted by the pixel of x. Pixel iy met kernel
// row ky at output row y where y * stride + ky = iy + padding. So which kernel rows it met depends
// on u = (iy + padding) % stride alone: ky = u, u + stride, ...; with one more each, y is one less.
// For each u (and likewise v across) this is a convolution of the gradient with stride 1, by these
// kernel rows in reverse order.
template <class T>
class InputGradient {
 public:
  InputGradient(const Sizes& s, const TensorOf<T>& weight) : s_(s) {
    for (Size u = 0; u < s.stride; ++u) {
      for (Size v = 0; v < s.stride; ++v) {
        const Size a_count = count(u, s.kh), b_count = count(v, s.kw);
        const Panels<T> kernel(a_count * b_count * s.out, s.in);
        for (Size a = 0; a < a_count; ++a) {
          const Size ky = u + s.stride * (a_count - 1 - a);
          for (Size b = 0; b < b_count; ++b) {
            const Size kx = v + s.stride * (b_count - 1 - b);
            for (Size j = 0; j < s.out; ++j) {
              for (Size c = 0; c < s.in; ++c) {
                kernel((a * b_count + b) * s.out + j, c) = weight(j, c, ky, kx);
              }
            }
          }
        }
        kernels_.push_back(kernel);
      }
    }
  }

  // Of the padded gradient of one image.
  Frame frame() const {
    return {top() + std::max(s_.oh, (s_.h - 1 + s_.padding) / s_.stride + 1),
            left() + std::max(s_.ow, (s_.w - 1 + s_.padding) / s_.stride + 1), s_.out, top(),
            left()};
  }
  Size top() const { return ceil_div(s_.kh, s_.stride) - 1; }
  Size left() const { return ceil_div(s_.kw, s_.stride) - 1; }

  // Writes the gradient of one image, [h, w, in].   padded: frame()
  void write(const T* padded, T* to) const {
    const Size line = frame().line();
    std::vector<const T*> lines(top() + 1);
    for (Size iy = 0; iy < s_.h; ++iy) {
      const Size u = (iy + s_.padding) % s_.stride, a_count = count(u, s_.kh);
      for (Size a = 0; a < a_count; ++a) {
        lines[a] = padded + ((iy + s_.padding) / s_.stride - a_count + 1 + a + top()) * line;
      }
      for (Size ix = 0; ix < std::min(s_.stride, s_.w); ++ix) {
        const Size v = (ix + s_.padding) % s_.stride, b_count = count(v, s_.kw);
        const Panels<T>& kernel = kernels_[u * s_.stride + v];
        for (Size j = 0; j < s_.in; j += kernel.columns().widest) {
          multiply_strip<T>(ceil_div(s_.w - ix, s_.stride),
                            {.lines = lines.data(),
                             .count = b_count == 0 ? 0 : a_count,
                             .steps = b_count * s_.out,
                             .row = s_.out},
                            ((ix + s_.padding) / s_.stride - b_count + 1 + left()) * s_.out,
                            kernel.panel(j),
                            {.start = zeros_,
                             .start_row = 0,
                             .c = to + (iy * s_.w + ix) * s_.in + j,
                             .c_row = s_.stride * s_.in,
                             .columns = std::min(kernel.columns().widest, s_.in - j)});
        }
      }
    }
  }

 private:
  // How many of k kernel rows there are at u, u + stride, ...
  Size count(Size u, Size k) const { return u < k ? ceil_div(k - u, s_.stride) : 0; }

  static constexpr T zeros_[kTileVectors * kLanes<T>] = {};
  Sizes s_;
  std::vector<Panels<T>> kernels_;
};

// The gradient by the weight, for images one after another: the sum over all pixels of the
// gradient there times the patch there. A line is a line of the image, and t goes along its pixels.
template <class T>
class WeightGradient {
 public:
  explicit WeightGradient(const Sizes& s) : s_(s), sums_(s.kh * s.kw * s.in, s.out) {}

  // Adds a group of images.   padded: frames   grad: [images, oh, ow, out], read in whole vectors
  void add(Size images, const T* padded, const Frame& frame, const T* grad) {
    const Size line = frame.line(), all = images * s_.oh;
    // Both fit the second-level cache.
    const Size band =
        std::max<Size>(1, 2 * kGroupBytes / Size{sizeof(T)} / (line * s_.stride + s_.ow * s_.out));
    std::vector<const T*> lines(all);
    for (Size y = 0; y < all; ++y) {
      lines[y] = padded + y / s_.oh * frame.numel() + y % s_.oh * s_.stride * line;
    }
    const Columns<T>& columns = sums_.columns();
    for (Size y = 0; y < all; y += band) {
      for (Size j = 0; j < s_.out; j += columns.widest) {
        for (Size ky = 0; ky < s_.kh; ++ky) {
          T* const sums = sums_.row(ky * s_.kw * s_.in, j);
          const Size width = columns.width(j);
          multiply_strip<T>(
              s_.kw * s_.in,
              {.lines = lines.data() + y,
               .count = std::min(band, all - y),
               .steps = s_.ow,
               .step = s_.stride * s_.in,
               .row = 1},
              ky * line, columns.panel(grad + y * s_.ow * s_.out + j, s_.out, j),
              {.start = sums, .start_row = width, .c = sums, .c_row = width, .columns = width});
        }
      }
    }
  }

  const Panels<T>& sums() const { return sums_; }

 private:
  Sizes s_;
  Panels<T> sums_;
};

}  // namespace

template <std::floating_point T>
Conv2dGrads<T> conv2d_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                               const TensorOf<T>& weight, const Conv2dOptions& options,
                               bool with_x) {
  const Sizes s = checked("conv2d_backward", x, weight, options);
  if (out_grad.shape() != Shape{s.n, s.out, s.oh, s.ow}) {
    throw ShapeError("conv2d_backward() needs an out_grad of " +
                     bracketed({s.n, s.out, s.oh, s.ow}) + ", but got " +
                     bracketed(out_grad.shape()));
  }
  Conv2dGrads<T> grads;
  grads.weight = full<T>(weight.shape(), T(0));
  grads.bias = out_grad.sum({0, 2, 3});
  if (with_x) grads.x = channels_last<T>(s.n, s.in, s.h, s.w);
  if (s.n == 0) return grads;

  const InputGradient<T> by_x(s, weight);
  const Frame x_frame = input_frame(s), grad_frame = by_x.frame(), plain{s.oh, s.ow, s.out};
  const int shares = shares_of(s);
  std::vector<WeightGradient<T>> by_weight;
  for (int t = 0; t < shares; ++t) by_weight.emplace_back(s);
  const Size group = group_of<T>(x_frame.numel());
  // The last pixel is read in whole vectors.
  const Size room = s.out % Columns<T>{s.out}.lanes == 0 ? 0 : kLanes<T>;
  run_shares(shares, [&](int t) {
    const Frames<T> images(x, x_frame, group), grads_as_read(out_grad, plain, group, room),
        padded_grads(out_grad, grad_frame, group);
    const Size end = s.n * (t + 1) / shares;
    for (Size first = s.n * t / shares; first < end; first += group) {
      const Size count = std::min(group, end - first);
      by_weight[t].add(count, images.group(first, count), x_frame,
                       grads_as_read.group(first, count));
      if (!with_x) continue;
      const T* const padded = padded_grads.group(first, count);
      for (Size i = 0; i < count; ++i) {
        by_x.write(padded + i * grad_frame.numel(),
                   grads.x.data() + (first + i) * s.h * s.w * s.in);
      }
    }
  });
  for (int t = 1; t < shares; ++t) {
    T* const to = by_weight[0].sums().data().data();
    const T* const from = by_weight[t].sums().data().data();
    for (Size e = 0; e < by_weight[0].sums().data().numel(); ++e) to[e] += from[e];
  }
  for (Size j = 0; j < s.out; ++j) {
    for (Size c = 0; c < s.in; ++c) {
      for (Size ky = 0; ky < s.kh; ++ky) {
        for (Size kx = 0; kx < s.kw; ++kx) {
          grads.weight(j, c, ky, kx) = by_weight[0].sums()((ky * s.kw + kx) * s.in + c, j);
        }
      }
    }
  }
  return grads;
}

template TensorOf<float> conv2d(const TensorOf<float>&, const TensorOf<float>&,
                                const TensorOf<float>&, const Conv2dOptions&);
template TensorOf<double> conv2d(const TensorOf<double>&, const TensorOf<double>&,
                                 const TensorOf<double>&, const Conv2dOptions&);
template Conv2dGrads<float> conv2d_backward(const TensorOf<float>&, const TensorOf<float>&,
                                            const TensorOf<float>&, const Conv2dOptions&, bool);
template Conv2dGrads<double> conv2d_backward(const TensorOf<double>&, const TensorOf<double>&,
                                             const TensorOf<double>&, const Conv2dOptions&, bool);

}  // namespace foundations
