// The notes' function, line for line. Row i of a becomes a column [k, 1], stretched along the rows
// of b: its k-th element times all of row k. The product that is summed is as large as b.
#include "02_broadcast/matmul.h"
#include "common/tensor/ops.h"

namespace foundations::ch02 {

Tensor broadcast(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  for (int64_t i = 0; i < ar; ++i) {
    c[i] = (a[i].unsqueeze(-1) * b).sum(0);
  }
  return c;
}

}  // namespace foundations::ch02
