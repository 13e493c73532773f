// What the rungs are compared with, where the notes end: einsum and matmul, both common's.
#include "03_einsum/matmul.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"

namespace foundations::ch03 {

Tensor by_einsum(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  return einsum("ik,kj -> ij", a, b);
}

Tensor matmul(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  return foundations::matmul(a, b);
}

}  // namespace foundations::ch03
