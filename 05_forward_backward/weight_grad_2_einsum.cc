// Multiplied and summed at once: the label b, in both and not in the result, is the sum.
#include "05_forward_backward/weight_grad.h"
#include "common/linalg/einsum.h"

namespace foundations::ch05 {

template <std::floating_point T>
TensorOf<T> by_einsum(const TensorOf<T>& inp, const TensorOf<T>& out_g) {
  check_rows(inp, out_g);
  return einsum("bi,bj->ij", inp, out_g);
}

template Tensor by_einsum(const Tensor&, const Tensor&);
template DoubleTensor by_einsum(const DoubleTensor&, const DoubleTensor&);

}  // namespace foundations::ch05
