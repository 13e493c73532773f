// The reference for convolutions: one product after the other, in double. reference.h tells what a
// reference is.
#pragma once

#include "common/tensor/tensor.h"

namespace foundations {

// Returns conv2d(x, weight, bias) with this stride and padding. T is float or double; any strides.
//   x: [n, in, h, w]   weight: [out, in, kh, kw]   bias: [out]   returns [n, out, oh, ow]
// Does not check the shapes. O(n * oh * ow * out * in * kh * kw), one thread.
template <class T>
DoubleTensor reference_conv2d(const TensorOf<T>& x, const TensorOf<T>& weight,
                              const TensorOf<T>& bias, std::int64_t stride, std::int64_t padding);

struct ReferenceConv2dGrads {
  DoubleTensor x, weight, bias;
};

// Returns its gradients.   out_grad: [n, out, oh, ow]
template <class T>
ReferenceConv2dGrads reference_conv2d_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                                               const TensorOf<T>& weight, std::int64_t stride,
                                               std::int64_t padding);

}  // namespace foundations
