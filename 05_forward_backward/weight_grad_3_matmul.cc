// The sum over b of inp[b, i] * out_g[b, j]: row i of inp.t() times column j of out_g.
#include "05_forward_backward/weight_grad.h"
#include "common/linalg/matmul.h"

namespace foundations::ch05 {

Tensor by_matmul(const Tensor& inp, const Tensor& out_g) {
  check_rows(inp, out_g);
  return matmul(inp.t(), out_g);
}

}  // namespace foundations::ch05
