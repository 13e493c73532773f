// The judge of einsum, in the manner of reference.h: every product of elements worked out in double
// and added up, by index arithmetic that shares nothing with what it judges, not even the parser.
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
  // How far a result computed in T may lie from it, element by element. The bound is that of
  // matmul_tolerance for sums of as many terms, with a rounding for each operand on top:
  // (terms + operands) * (eps * sum|product| + denorm_min).
  DoubleTensor tolerance;
};

// `spelled` has a character for each dimension of each operand and of the result, commas, and the
// arrow: neither spaces nor ellipses nor anything implied. It must fit the operands. T is float,
// double or int64. Cost: the product of the sizes of all labels.
template <class T>
EinsumAnswer reference_einsum(const std::string& spelled, const std::vector<TensorOf<T>>& operands);

}  // namespace foundations
