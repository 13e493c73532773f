// The notes' cell, line for line. at() checks every index, as Python does.
#include "01_matmul/matmul.h"

namespace foundations::ch01 {

Tensor checked(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = zeros(ar, bc);
  for (int64_t i = 0; i < ar; ++i) {
    for (int64_t j = 0; j < bc; ++j) {
      for (int64_t k = 0; k < ac; ++k) {
        c.at(i, j) += a.at(i, k) * b.at(k, j);
      }
    }
  }
  return c;
}

}  // namespace foundations::ch01
