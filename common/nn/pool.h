// Pooling and its gradients: torch.nn.functional.avg_pool2d and its kin. T is float or double.
//
// A window of kernel x kernel pixels moves over each channel and becomes one pixel. Images are
// [n, channels, height, width] to look at; results lie channels-last beneath, as those of conv2d
// do. Any strides come in. All throw ShapeError for another rank, for images without channels or
// pixels, and where no window fits; std::invalid_argument for a kernel or a stride below 1.
// Derived in 08_conv.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

#include "common/tensor/tensor.h"

namespace foundations {

struct AvgPool2dOptions {
  std::optional<std::int64_t> stride = {};  // unset: the kernel's size, so no pixel is met twice
  // Windows may end outside, so that a pixel at the edge is not lost: 7 pixels become 4, not 3.
  bool ceil_mode = false;
};

// Returns the mean of each window's pixels, of those inside the image.
//   x: [n, c, h, w]   returns [n, c, oh, ow] with oh = (h - kernel) / stride + 1, rounded down, or
//   up in ceil_mode; but no window begins outside
template <std::floating_point T>
TensorOf<T> avg_pool2d(const TensorOf<T>& x, std::int64_t kernel,
                       const AvgPool2dOptions& options = {});

// Returns the gradient by an x of shape `x_shape`.   out_grad: [n, c, oh, ow]
template <std::floating_point T>
TensorOf<T> avg_pool2d_backward(const TensorOf<T>& out_grad, const Shape& x_shape,
                                std::int64_t kernel, const AvgPool2dOptions& options = {});

struct MaxPool2dOptions {
  std::optional<std::int64_t> stride = {};  // unset: the kernel's size
  std::int64_t padding = 0;                 // pixels of -inf around the image
};

// Returns the largest pixel of each window; a NaN counts as the largest.
//   x: [n, c, h, w]   returns [n, c, oh, ow] with oh = (h + 2 padding - kernel) / stride + 1,
//   rounded down
// Throws std::invalid_argument for a padding below 0 or above half of the kernel.
template <std::floating_point T>
TensorOf<T> max_pool2d(const TensorOf<T>& x, std::int64_t kernel,
                       const MaxPool2dOptions& options = {});

// Returns the gradient by x: each window's goes to its largest pixel, the first if there are
// several.   out_grad: [n, c, oh, ow]
template <std::floating_point T>
TensorOf<T> max_pool2d_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                                std::int64_t kernel, const MaxPool2dOptions& options = {});

// Returns the mean of each channel: PyTorch's adaptive_avg_pool2d(x, 1).
//   x: [n, c, h, w]   returns [n, c, 1, 1]
template <std::floating_point T>
TensorOf<T> adaptive_avg_pool2d(const TensorOf<T>& x);

// Returns the gradient by an x of shape `x_shape`.   out_grad: [n, c, 1, 1]
template <std::floating_point T>
TensorOf<T> adaptive_avg_pool2d_backward(const TensorOf<T>& out_grad, const Shape& x_shape);

}  // namespace foundations
