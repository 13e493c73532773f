#include <algorithm>

#include "08_conv/grads.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations::ch08 {
namespace {

// Returns the kernel upside down and from right to left, its outputs as inputs.
Tensor turned_round(const Tensor& weight, const Sizes& s) {
  const Tensor result = empty(s.in, s.out, s.kh, s.kw);
  for (std::int64_t ky = 0; ky < s.kh; ++ky) {
    for (std::int64_t kx = 0; kx < s.kw; ++kx) {
      result(_, _, s.kh - 1 - ky, s.kw - 1 - kx) = weight(_, _, ky, kx).t();
    }
  }
  return result;
}

// Returns the gradient with stride - 1 zeros between its pixels, and so much room around it that
// the kernel meets a pixel of the image wherever it met it on the way forward.
Tensor spread(const Tensor& out_grad, const Sizes& s) {
  const Tensor frame =
      zeros(s.n, s.h + 2 * s.padding + s.kh - 1, s.w + 2 * s.padding + s.kw - 1, s.out)
          .permute(0, 3, 1, 2);
  frame(_, _, Slice(s.kh - 1, s.kh - 1 + s.oh * s.stride, s.stride),
        Slice(s.kw - 1, s.kw - 1 + s.ow * s.stride, s.stride)) = out_grad;
  return frame;
}

}  // namespace

Grads turned(const Tensor& out_grad, const Tensor& x, const Tensor& weight,
             const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor image = padded_channels_last(x, s.padding), patches = strips(image, s);
  const Tensor g = out_grad.permute(0, 2, 3, 1);
  Tensor w_grad = zeros(s.depth(), s.out);
  const std::int64_t images = std::max<std::int64_t>(kBlock / (s.oh * s.ow * s.depth()), 1);
  for (std::int64_t i = 0; i < s.n; i += images) {
    const Slice some(i, i + images);
    const std::int64_t rows = std::min(images, s.n - i) * s.oh * s.ow;
    const Tensor columns = patches(some).reshape(rows, s.depth());
    const Tensor g_rows = g(some).reshape(rows, s.out);
    w_grad += matmul(columns.t(), g_rows);
  }
  const Tensor image_grad = views(spread(out_grad, s), turned_round(weight, s), {});
  return {without_border(image_grad.permute(0, 2, 3, 1), s),
          w_grad.view(s.kh, s.kw, s.in, s.out).permute(3, 2, 0, 1)};
}

}  // namespace foundations::ch08
