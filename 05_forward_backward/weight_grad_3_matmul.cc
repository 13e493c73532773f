// The sum over b of inp[b, i] * out_g[b, j]: row i of inp.t() times column j of out_g.
#include "05_forward_backward/weight_grad.h"
#include "common/linalg/matmul.h"

namespace foundations::ch05 {

template <std::floating_point T>
TensorOf<T> by_matmul(const TensorOf<T>& inp, const TensorOf<T>& out_g) {
  check_rows(inp, out_g);
  return matmul(inp.t(), out_g);
}

template Tensor by_matmul(const Tensor&, const Tensor&);
template DoubleTensor by_matmul(const DoubleTensor&, const DoubleTensor&);

}  // namespace foundations::ch05
