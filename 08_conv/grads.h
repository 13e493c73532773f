// The gradients of a convolution, first as seven loops, then as matrix products.
//
//   out_grad: [n, out, oh, ow]   x, weight, options: as the convolution had them
//   returns the gradients by x and by weight, in their shapes
//
// What the convolution multiplies, image[i, c, y * stride + ky, x * stride + kx] and
// weight[j, c, ky, kx], goes into result[i, j, y, x]. So each factor's gradient gets the other
// factor times out_grad[i, j, y, x]. Throws what sizes() throws. The gradient by a bias is one sum:
// `out_grad.sum({0, 2, 3})`.
#pragma once

#include "08_conv/conv.h"

namespace foundations::ch08 {

struct Grads {
  Tensor x, weight;
};

using Backward = Grads(const Tensor& out_grad, const Tensor& x, const Tensor& weight,
                       const Conv2dOptions& options);

Backward loops_backward;   // the definition
Backward col2im;           // two products; what belongs to a pixel of x is added up
Backward blocks_backward;  // the same for some images at a time
Backward turned;           // the gradient by x is a convolution too, with the kernel turned round
Backward common_backward;  // conv2d_backward of common/nn

inline constexpr Rung<Backward> kBackwards[] = {
    {"loops", loops_backward}, {"col2im", col2im},          {"blocks", blocks_backward},
    {"turned", turned},        {"common", common_backward},
};

// Adds the gradients of patches to those of their pixels.
//   image_grad: [n, h + 2 padding, w + 2 padding, in]   patches_grad: [n, oh, ow, kh, kw, in]
void add_patches(const Tensor& image_grad, const Tensor& patches_grad, const Sizes& s);

// Returns the inner part as [n, in, h, w].   image: padded_channels_last()
Tensor without_border(const Tensor& image, const Sizes& s);

}  // namespace foundations::ch08
