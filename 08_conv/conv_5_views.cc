#include <algorithm>

#include "08_conv/conv.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations::ch08 {

Tensor views(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor patches = strips(padded_channels_last(x, s.padding), s);
  const Tensor w = weight.permute(2, 3, 1, 0).reshape(s.kh, s.kw * s.in, s.out);
  const Tensor result = empty(s.n, s.oh, s.ow, s.out);
  // A block is some whole images.
  const std::int64_t images = std::max<std::int64_t>(kBlock / (s.oh * s.ow * s.out), 1);
  for (std::int64_t i = 0; i < s.n; i += images) {
    const Slice some_images(i, i + images);
    const Tensor block = result(some_images);
    matmul_out(block, patches(some_images, _, _, 0), w[0]);
    for (std::int64_t ky = 1; ky < s.kh; ++ky) {
      block += matmul(patches(some_images, _, _, ky), w[ky]);
    }
  }
  return result.permute(0, 3, 1, 2);
}

}  // namespace foundations::ch08
