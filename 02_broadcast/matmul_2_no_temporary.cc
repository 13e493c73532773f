// The same column, stretched along the rows of b. New: each product is added to c[i] at once, so no
// tensor as large as b is written and read back.
#include "02_broadcast/matmul.h"

namespace foundations::ch02 {

Tensor no_temporary(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  for (int64_t i = 0; i < ar; ++i) {
    const Tensor column = a[i].unsqueeze(-1);
    for (int64_t k = 0; k < ac; ++k) {
      const float stretched = column(k, 0);
      for (int64_t j = 0; j < bc; ++j) {
        c(i, j) += stretched * b(k, j);
      }
    }
  }
  return c;
}

}  // namespace foundations::ch02
