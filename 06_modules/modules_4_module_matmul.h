// The weight's gradient as what it is, a product of two matrices. Source: the notebook behind the
// notes, "Without einsum".
#pragma once

#include "06_modules/modules_2_module.h"

namespace foundations::ch06::module_class {

struct MatmulLin : Lin {
  using Lin::Lin;
  Tensor weight_grad(const Tensor& inp, const Tensor& g) const override {
    return matmul(inp.t(), g);
  }
};

}  // namespace foundations::ch06::module_class
