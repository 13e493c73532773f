// The library's own, as the notes end with PyTorch's: its story begins in common/linalg/gemm.h.
#include "03_einsum/matmul.h"
#include "common/linalg/matmul.h"

namespace foundations::ch03 {

Tensor matmul(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  return foundations::matmul(a, b);
}

}  // namespace foundations::ch03
