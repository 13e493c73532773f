// Convolution and its gradients: torch.nn.functional.conv2d. T is float or double.
//
// Images are [n, channels, height, width] to look at. Beneath, results lie channels-last: the
// channels of a pixel are neighbours in memory, as in PyTorch's torch.channels_last. Any strides
// come in. Derived in 08_conv.
#pragma once

#include <concepts>

#include "common/tensor/tensor.h"

namespace foundations {

struct Conv2dOptions {
  std::int64_t stride = 1, padding = 0;
};

// Returns, for every place of the kernel on the image, the sum over channels and kernel of image
// times weight, plus the bias.
//   x: [n, in, h, w]   weight: [out, in, kh, kw]   bias: [out], or undefined for none
//   returns [n, out, oh, ow] with oh = (h + 2 padding - kh) / stride + 1, rounded down
// Throws ShapeError for other shapes, an image without channels or pixels, and a kernel larger than
// the padded image; std::invalid_argument for a stride below 1 and a negative padding.
// The padding is not multiplied, so it adds nothing, whatever the weight.
// Cost: n * oh * ow * out * in * kh * kw multiply-adds. Memory besides the result: a copy of the
// weight, and of x if it does not lie channels-last.
template <std::floating_point T>
TensorOf<T> conv2d(const TensorOf<T>& x, const TensorOf<T>& weight, const TensorOf<T>& bias,
                   const Conv2dOptions& options = {});

template <class T>
struct Conv2dGrads {
  TensorOf<T> x, weight, bias;
};

// Returns the gradients of conv2d(x, weight, bias, options). Without `with_x` or
// `with_bias` that one is undefined, and not computed.   out_grad: [n, out, oh, ow]
template <std::floating_point T>
Conv2dGrads<T> conv2d_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                               const TensorOf<T>& weight, const Conv2dOptions& options = {},
                               bool with_x = true, bool with_bias = true);

}  // namespace foundations
