// The same two outer loops. New: the inner one is the notes' elementwise product of a row and a
// column, summed. Both are views; the product is a new tensor, which is thrown away.
#include "01_matmul/matmul.h"
#include "common/tensor/ops.h"

namespace foundations::ch01 {

Tensor row_by_column(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  for (int64_t i = 0; i < ar; ++i) {
    for (int64_t j = 0; j < bc; ++j) {
      c[i][j] = (a(i, _) * b(_, j)).sum();
    }
  }
  return c;
}

}  // namespace foundations::ch01
