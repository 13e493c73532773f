#include "05_forward_backward/weight_grad.h"

#include "common/base/error.h"

namespace foundations::ch05 {

template <std::floating_point T>
void check_rows(const TensorOf<T>& inp, const TensorOf<T>& out_g) {
  if (inp.dim() != 2 || out_g.dim() != 2 || inp.size(0) != out_g.size(0)) {
    throw ShapeError("a weight gradient needs an inp [n, in] and an out_g [n, out], but got " +
                     bracketed(inp.shape()) + " and " + bracketed(out_g.shape()));
  }
}

template void check_rows(const Tensor&, const Tensor&);
template void check_rows(const DoubleTensor&, const DoubleTensor&);

}  // namespace foundations::ch05
