// The weight's gradient by einsum, which sums while it multiplies: no outer product is ever in
// memory. Source: the notes, "Module class structure", In [26].
#pragma once

#include "06_modules/modules_2_module.h"
#include "common/linalg/einsum.h"

namespace foundations::ch06::module_class {

struct EinsumLin : Lin {
  using Lin::Lin;
  Tensor weight_grad(const Tensor& inp, const Tensor& g) const override {
    return einsum("bi,bj->ij", inp, g);
  }
};

}  // namespace foundations::ch06::module_class
