// The reference for einsum, like reference.h: every product of elements is computed in double and
// added up, by index arithmetic that shares nothing with the code under test, not even the parser.
//
//   const EinsumAnswer answer = reference_einsum("ik,kj->ij", operands);
//   const std::string wrong = mismatch(got, answer.want, answer.tolerance);
#pragma once

#include <string>
#include <vector>

#include "common/tensor/tensor.h"

namespace foundations {

struct EinsumAnswer {
  DoubleTensor want;
  // How far a result computed in T may lie from `want`, element by element. The bound of
  // matmul_tolerance for sums of `terms` products, plus a rounding for each operand:
  // (terms + operands) * (eps * sum|product| + denorm_min).
  DoubleTensor tolerance;
};

// Returns the result and its tolerance. `spelled` has a character for each dimension of each
// operand and of the result, commas, and the arrow: no spaces, no ellipses, nothing implied. It
// must fit the operands. T is float, double or int64. Cost: the product of the sizes of all labels.
template <class T>
EinsumAnswer reference_einsum(const std::string& spelled, const std::vector<TensorOf<T>>& operands);

}  // namespace foundations
