// Every row's outer product, [n, in, 1] * [n, 1, out], and then their sum.
#include "05_forward_backward/weight_grad.h"
#include "common/tensor/ops.h"

namespace foundations::ch05 {

template <std::floating_point T>
TensorOf<T> by_outer(const TensorOf<T>& inp, const TensorOf<T>& out_g) {
  check_rows(inp, out_g);
  return (inp.unsqueeze(-1) * out_g.unsqueeze(1)).sum(0);
}

template Tensor by_outer(const Tensor&, const Tensor&);
template DoubleTensor by_outer(const DoubleTensor&, const DoubleTensor&);

}  // namespace foundations::ch05
