#include <algorithm>

#include "08_conv/grads.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations::ch08 {

Grads blocks_backward(const Tensor& out_grad, const Tensor& x, const Tensor& weight,
                      const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor image = padded_channels_last(x, s.padding), patches = strips(image, s);
  const Tensor w = weight.permute(2, 3, 1, 0).reshape(s.depth(), s.out);
  const Tensor g = out_grad.permute(0, 2, 3, 1);
  Tensor image_grad = zeros(image.shape());
  Tensor w_grad = zeros(s.depth(), s.out);
  const std::int64_t images = std::max<std::int64_t>(kBlock / (s.oh * s.ow * s.depth()), 1);
  for (std::int64_t i = 0; i < s.n; i += images) {
    const Slice some(i, i + images);
    const std::int64_t rows = std::min(images, s.n - i) * s.oh * s.ow;
    const Tensor columns = patches(some).reshape(rows, s.depth());
    const Tensor g_rows = g(some).reshape(rows, s.out);
    w_grad += matmul(columns.t(), g_rows);
    const Tensor columns_grad = matmul(g_rows, w.t());
    add_patches(image_grad(some),
                columns_grad.view({rows / (s.oh * s.ow), s.oh, s.ow, s.kh, s.kw, s.in}), s);
  }
  return {without_border(image_grad, s), w_grad.view(s.kh, s.kw, s.in, s.out).permute(3, 2, 0, 1)};
}

}  // namespace foundations::ch08
