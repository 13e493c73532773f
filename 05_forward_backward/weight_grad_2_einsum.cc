// Multiplied and summed at once: the label b, in both and not in the result, is the sum.
#include "05_forward_backward/weight_grad.h"
#include "common/linalg/einsum.h"

namespace foundations::ch05 {

Tensor by_einsum(const Tensor& inp, const Tensor& out_g) {
  check_rows(inp, out_g);
  return einsum("bi,bj->ij", inp, out_g);
}

}  // namespace foundations::ch05
