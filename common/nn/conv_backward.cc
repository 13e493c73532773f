#include <optional>
#include <vector>

#include "common/base/error.h"
#include "common/nn/conv.h"
#include "common/nn/conv_plan.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

// The gradient by the weight: the sum over all pixels of the gradient there times the patch there.
// A row of the tile is a number of the patch, and t goes over pixels.
template <class T>
class WeightGradient {
 public:
  WeightGradient(const ConvSizes& s, const Axis& down, const Axis& across, const Images<T>& x,
                 const Images<T>& grad)
      : s_(s),
        down_(down),
        across_(across),
        x_(x),
        grad_(grad),
        sums_(s.kh * s.kw * s.in, s.out, LanesAre::kRowPairs) {}

  void add(Size first, Size last) {
    for (Size j = 0; j < s_.out; j += sums_.width(j)) {
      for (const Segment& y : down_.segments) {
        for (const Segment& x : across_.segments) {
          for (Size a = 0; a < y.taps && x.taps > 0; ++a) {
            const auto [run, inner, outer] =
                directions({x.count, x.move * x_.pixel, 1}, {y.count, y.move * x_.line, s_.ow},
                           {last - first, x_.image, s_.oh * s_.ow});
            runs_.clear();
            for (Size o = 0; o < outer.count; ++o) {
              for (Size i = 0; i < inner.count; ++i) {
                runs_.push_back({x_.data + first * x_.image + (y.from + a) * x_.line +
                                     x.from * x_.pixel + o * outer.a + i * inner.a,
                                 static_cast<std::size_t>((first * s_.oh + y.first) * s_.ow +
                                                          x.first + o * outer.c + i * inner.c),
                                 run.count});
              }
            }
            step_ = run.a;
            b_step_ = run.c;
            multiply(j, x, y.tap + a);
          }
        }
      }
    }
  }

  // Adds the sums over other images.
  void add(const WeightGradient& other) {
    T* const to = sums_.data().data();
    const T* const from = other.sums_.data().data();
    for (Size e = 0; e < sums_.data().numel(); ++e) to[e] += from[e];
  }

  void write(const TensorOf<T>& weight) const {
    for (Size j = 0; j < s_.out; ++j) {
      for (Size c = 0; c < s_.in; ++c) {
        for (Size ky = 0; ky < s_.kh; ++ky) {
          for (Size kx = 0; kx < s_.kw; ++kx) {
            weight(j, c, ky, kx) = sums_((ky * s_.kw + kx) * s_.in + c, j);
          }
        }
      }
    }
  }

 private:
  void multiply(Size j, const Segment& x, Size ky) const {
    const Size width = sums_.width(j);
    T* const sums = sums_.panel(j) + (ky * s_.kw + x.tap) * s_.in * width;
    multiply_strip<T>(sums_.lanes(), sums_.vectors(j),
                      {.runs = runs_.data(),
                       .count = std::ssize(runs_),
                       .row = 1,
                       .step = step_,
                       .b = grad_.data + j,
                       .b_row = s_.out,
                       .b_step = b_step_},
                      0,
                      {.c = sums,
                       .c_row = width,
                       .rows = x.taps * s_.in,
                       .columns = width,
                       .start = sums,
                       .start_row = width});
  }

  ConvSizes s_;
  const Axis &down_, &across_;
  Images<T> x_, grad_;
  Panels<T> sums_;
  std::vector<Run<T>> runs_;
  Size step_ = 0, b_step_ = 0;
};

// The gradient by x: a convolution of the gradient, whose results are the pixels of x.
template <class T>
Convolution<T> by_input(const ConvSizes& s, const Conv2dOptions& options, const Images<T>& gradient,
                        const TensorOf<T>& weight, const TensorOf<T>& x_grad) {
  const Convolution<T> result = {backward_axis(s.h, s.kh, s.oh, options),
                                 backward_axis(s.w, s.kw, s.ow, options),
                                 Panels<T>(s.kh * s.kw * s.out, s.in),
                                 Panels<T>(1, s.in, LanesAre::kRowPairs),
                                 read_only(gradient),
                                 images_of(x_grad)};
  result.set_kernel([&](Size j, Size c, Size ky, Size kx) { return weight(j, c, ky, kx); });
  return result;
}

}  // namespace

template <std::floating_point T>
Conv2dGrads<T> conv2d_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                               const TensorOf<T>& weight, const Conv2dOptions& options, bool with_x,
                               bool with_bias) {
  const ConvSizes s = checked_sizes("conv2d_backward", x.shape(), weight.shape(), options);
  if (out_grad.shape() != Shape{s.n, s.out, s.oh, s.ow}) {
    throw ShapeError("conv2d_backward() needs an out_grad of " +
                     bracketed({s.n, s.out, s.oh, s.ow}) + ", but got " +
                     bracketed(out_grad.shape()));
  }
  Conv2dGrads<T> grads;
  grads.weight = full<T>(weight.shape(), T(0));
  if (with_bias) grads.bias = out_grad.sum({0, 2, 3});
  if (with_x) grads.x = empty_images<T>({s.n, s.in, s.h, s.w});
  if (s.n == 0) return grads;

  // The gradient's channels are read in whole vectors, and the patch's numbers by two where pairs
  // of rows share one.
  const Panels<T> shape(1, s.out, LanesAre::kRowPairs);
  const Size room = s.out == round_up(s.out, shape.width(0) < kLanes<T> ? kLanes<T> / 2 : kLanes<T>)
                        ? 0
                        : kLanes<T>;
  const TensorOf<T> images = channels_last(x, shape.lanes() == LanesAre::kRowPairs ? s.in % 2 : 0),
                    gradients = channels_last(out_grad, room);
  const Images<T> image = images_of(images), gradient = images_of(gradients);
  const Axis down = forward_axis(s.h, s.kh, s.oh, options),
             across = forward_axis(s.w, s.kw, s.ow, options);
  const int shares = shares_of(s);
  std::vector<WeightGradient<T>> by_weight;
  for (int t = 0; t < shares; ++t) by_weight.emplace_back(s, down, across, image, gradient);
  std::optional<Convolution<T>> by_x;
  if (with_x) by_x = by_input(s, options, gradient, weight, grads.x);
  for_groups<T>(s, shares, image.image, [&](int t, Size first, Size last) {
    by_weight[t].add(first, last);
    if (by_x) by_x->run(first, last);
  });
  for (int t = 1; t < shares; ++t) by_weight[0].add(by_weight[t]);
  by_weight[0].write(grads.weight);
  return grads;
}

template Conv2dGrads<float> conv2d_backward(const TensorOf<float>&, const TensorOf<float>&,
                                            const TensorOf<float>&, const Conv2dOptions&, bool,
                                            bool);
template Conv2dGrads<double> conv2d_backward(const TensorOf<double>&, const TensorOf<double>&,
                                             const TensorOf<double>&, const Conv2dOptions&, bool,
                                             bool);

}  // namespace foundations
