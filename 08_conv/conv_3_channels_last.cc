#include "08_conv/conv.h"
#include "common/linalg/matmul.h"
#include "common/tensor/join.h"

namespace foundations::ch08 {

Tensor padded_channels_last(const Tensor& x, std::int64_t padding) {
  return pad(x.permute(0, 2, 3, 1), {0, 0, padding, padding, padding, padding});
}

Tensor strips(const Tensor& image, const Sizes& s) {
  const Strides& step = image.strides();
  return image.as_strided({s.n, s.oh, s.ow, s.kh, s.kw * s.in},
                          {step[0], s.stride * step[1], s.stride * step[2], step[1], 1});
}

Tensor channels_last(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor patches = strips(padded_channels_last(x, s.padding), s);
  const Tensor columns = patches.reshape(s.n * s.oh * s.ow, s.depth());  // copies
  const Tensor w = weight.permute(2, 3, 1, 0).reshape(s.depth(), s.out);
  return matmul(columns, w).view(s.n, s.oh, s.ow, s.out).permute(0, 3, 1, 2);
}

}  // namespace foundations::ch08
