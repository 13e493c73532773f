#include "05_forward_backward/weight_grad.h"

#include "common/base/error.h"

namespace foundations::ch05 {

void check_rows(const Tensor& inp, const Tensor& out_g) {
  if (inp.dim() != 2 || out_g.dim() != 2 || inp.size(0) != out_g.size(0)) {
    throw ShapeError("a weight gradient needs an inp [n, in] and an out_g [n, out], but got " +
                     bracketed(inp.shape()) + " and " + bracketed(out_g.shape()));
  }
}

}  // namespace foundations::ch05
