#include "common/bench/rung.h"

#include <string>

namespace foundations {
namespace {

std::string rows_by_columns(const Tensor& matrix) {
  return std::to_string(matrix.size(0)) + "x" + std::to_string(matrix.size(1));
}

}  // namespace

void check_matrices(const Tensor& a, const Tensor& b) {
  if (a.dim() != 2 || b.dim() != 2) {
    throw ShapeError("matmul takes two matrices, but got tensors of shapes " +
                     bracketed(a.shape()) + " and " + bracketed(b.shape()));
  }
  if (a.size(1) != b.size(0)) {
    throw ShapeError("mat1 and mat2 shapes cannot be multiplied (" + rows_by_columns(a) + " and " +
                     rows_by_columns(b) + ")");
  }
}

}  // namespace foundations
