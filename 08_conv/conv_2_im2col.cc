#include "08_conv/conv.h"
#include "common/linalg/matmul.h"
#include "common/tensor/join.h"

namespace foundations::ch08 {

Tensor im2col(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor image = pad(x, {s.padding, s.padding, s.padding, s.padding});
  const Strides& step = image.strides();
  const Tensor patches = image.as_strided(
      {s.n, s.oh, s.ow, s.in, s.kh, s.kw},
      {step[0], s.stride * step[2], s.stride * step[3], step[1], step[2], step[3]});
  const Tensor columns = patches.reshape(s.n * s.oh * s.ow, s.depth());  // copies
  const Tensor w = weight.reshape(s.out, s.depth()).t();
  return matmul(columns, w).view(s.n, s.oh, s.ow, s.out).permute(0, 3, 1, 2);
}

}  // namespace foundations::ch08
