// Every row's outer product, [n, in, 1] * [n, 1, out], and then their sum.
#include "05_forward_backward/weight_grad.h"
#include "common/tensor/ops.h"

namespace foundations::ch05 {

Tensor by_outer(const Tensor& inp, const Tensor& out_g) {
  check_rows(inp, out_g);
  return (inp.unsqueeze(-1) * out_g.unsqueeze(1)).sum(0);
}

}  // namespace foundations::ch05
