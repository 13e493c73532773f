// The notes' cell: say which index goes where, and let einsum find the way.
#include "03_einsum/matmul.h"
#include "common/linalg/einsum.h"

namespace foundations::ch03 {

Tensor by_einsum(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  return einsum("ik,kj -> ij", a, b);
}

}  // namespace foundations::ch03
