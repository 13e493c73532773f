// How images lie in memory: [n, c, h, w] to look at, and the channels of a pixel side by side, as
// in PyTorch's torch.channels_last. Derived in 08_conv.
#pragma once

#include "common/tensor/tensor.h"

namespace foundations {

// Returns the images as [n, h, w, c], contiguous: a view if they lie channels-last, else a copy.
template <class T>
TensorOf<T> as_pixels(const TensorOf<T>& images) {
  return images.permute({0, 2, 3, 1}).contiguous();
}

// Returns [n, h, w, c] as images.
template <class T>
TensorOf<T> as_images(const TensorOf<T>& pixels) {
  return pixels.permute({0, 3, 1, 2});
}

// Returns images of a shape [n, c, h, w] with any numbers in them, which lie channels-last.
template <class T>
TensorOf<T> empty_images(const Shape& shape) {
  return as_images(empty<T>(Shape{shape[0], shape[2], shape[3], shape[1]}));
}

}  // namespace foundations
