// Where the ladder leads: common's matmul.
#include "13_gemm/matmul.h"
#include "common/linalg/matmul.h"

namespace foundations::ch13 {

Tensor matmul(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  return foundations::matmul(a, b);
}

}  // namespace foundations::ch13
