#include "08_conv/grads.h"
#include "common/linalg/matmul.h"

namespace foundations::ch08 {

void add_patches(const Tensor& image_grad, const Tensor& patches_grad, const Sizes& s) {
  // One place of the kernel at a time: patches overlap, but their pixels of one place do not.
  for (std::int64_t ky = 0; ky < s.kh; ++ky) {
    for (std::int64_t kx = 0; kx < s.kw; ++kx) {
      image_grad(_, Slice(ky, ky + s.oh * s.stride, s.stride),
                 Slice(kx, kx + s.ow * s.stride, s.stride)) += patches_grad(_, _, _, ky, kx);
    }
  }
}

Grads col2im(const Tensor& out_grad, const Tensor& x, const Tensor& weight,
             const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor image = padded_channels_last(x, s.padding), patches = strips(image, s);
  const Tensor w = weight.permute(2, 3, 1, 0).reshape(s.depth(), s.out);
  const Tensor g = out_grad.permute(0, 2, 3, 1);
  Tensor image_grad = zeros(image.shape());

  const std::int64_t rows = s.n * s.oh * s.ow;
  const Tensor columns = patches.reshape(rows, s.depth()), g_rows = g.reshape(rows, s.out);
  const Tensor w_grad = matmul(columns.t(), g_rows);
  const Tensor columns_grad = matmul(g_rows, w.t());
  add_patches(image_grad, columns_grad.view({s.n, s.oh, s.ow, s.kh, s.kw, s.in}), s);

  return {without_border(image_grad, s), w_grad.view(s.kh, s.kw, s.in, s.out).permute(3, 2, 0, 1)};
}

}  // namespace foundations::ch08
