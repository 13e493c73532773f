// The check that backward() begins with.
#pragma once

#include <stdexcept>

#include "common/tensor.h"

namespace foundations::ch06 {

// Going back needs something to go back through, and unless it is the loss (of shape []), where
// backward starts, its gradient, which backward() of what came after has left.
// Throws std::logic_error where `out`, which the forward pass gave, has not.
inline void check_backward(const Tensor& out) {
  if (!out.defined()) {
    throw std::logic_error("backward() needs a forward pass before it: call the model first");
  }
  if (out.dim() > 0 && !out.has_grad()) {
    throw std::logic_error("backward() of a layer needs that of the layer after it first");
  }
}

}  // namespace foundations::ch06
