#include "08_conv/grads.h"
#include "common/tensor/join.h"

namespace foundations::ch08 {

Grads loops_backward(const Tensor& out_grad, const Tensor& x, const Tensor& weight,
                     const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const std::int64_t p = s.padding;
  const Tensor image = pad(x, {p, p, p, p});
  Tensor image_grad = zeros(image.shape()), weight_grad = zeros(weight.shape());
  for (std::int64_t i = 0; i < s.n; ++i) {
    for (std::int64_t j = 0; j < s.out; ++j) {
      for (std::int64_t oy = 0; oy < s.oh; ++oy) {
        for (std::int64_t ox = 0; ox < s.ow; ++ox) {
          const float g = out_grad(i, j, oy, ox);
          for (std::int64_t c = 0; c < s.in; ++c) {
            for (std::int64_t ky = 0; ky < s.kh; ++ky) {
              for (std::int64_t kx = 0; kx < s.kw; ++kx) {
                const std::int64_t iy = oy * s.stride + ky, ix = ox * s.stride + kx;
                image_grad(i, c, iy, ix) += weight(j, c, ky, kx) * g;
                weight_grad(j, c, ky, kx) += image(i, c, iy, ix) * g;
              }
            }
          }
        }
      }
    }
  }
  return {without_border(image_grad.permute(0, 2, 3, 1), s), weight_grad};
}

Tensor without_border(const Tensor& image, const Sizes& s) {
  const Slice rows(s.padding, s.padding + s.h), columns(s.padding, s.padding + s.w);
  return image(_, rows, columns).permute(0, 3, 1, 2);
}

}  // namespace foundations::ch08
