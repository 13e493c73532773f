// triple_loop again: the same three loops and the same multiply-add. New: the loops over k and j
// have changed places, so the inner one walks along a row of b and a row of c, not down a column.
#include "01_matmul/matmul.h"

namespace foundations::ch01 {

Tensor row_at_a_time(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  for (int64_t i = 0; i < ar; ++i) {
    for (int64_t k = 0; k < ac; ++k) {
      for (int64_t j = 0; j < bc; ++j) {
        c(i, j) += a(i, k) * b(k, j);
      }
    }
  }
  return c;
}

}  // namespace foundations::ch01
