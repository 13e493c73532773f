// common's convolution with the chapter's face.
#include "08_conv/grads.h"

namespace foundations::ch08 {

Tensor common(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  return conv2d(x, weight, Tensor(), options);
}

Grads common_backward(const Tensor& out_grad, const Tensor& x, const Tensor& weight,
                      const Conv2dOptions& options) {
  const auto grads = conv2d_backward(out_grad, x, weight, options);
  return {grads.x, grads.weight};
}

}  // namespace foundations::ch08
