// The check that backward() begins with.
#pragma once

#include <stdexcept>

#include "common/tensor/tensor.h"

namespace foundations::ch06 {

// Throws std::logic_error unless there is something to go back through and a gradient to start
// from: `out` must be what a forward pass returned, and have the gradient that backward() of the
// next layer leaves. Only a scalar needs none: it is taken for the loss, where backward() starts.
inline void check_backward(const Tensor& out) {
  if (!out.defined()) {
    throw std::logic_error("backward() needs a forward pass before it: call the model first");
  }
  if (out.dim() > 0 && !out.has_grad()) {
    throw std::logic_error("backward() of a layer needs that of the layer after it first");
  }
}

}  // namespace foundations::ch06
