// What `explain` prints, compiled: for each row of the tables in common/testing/test_einsum.h its loop nest
// and its other forms as functions. write_emitted.cc writes their source.
#pragma once

#include <vector>

#include "common/tensor/tensor.h"
#include "common/testing/test_einsum.h"

namespace foundations::ch03 {

struct Emitted {
  const EinsumCase& row;
  // Operands row-major; writes every element of the row-major result.
  void (*loops)(const std::vector<Tensor>& operands, float* result);
  // Null where it has more dimensions than a tensor.
  Tensor (*broadcast)(const std::vector<Tensor>& operands);
  // Null for one operand.
  Tensor (*products)(const std::vector<Tensor>& operands);
};

const std::vector<Emitted>& emitted();

}  // namespace foundations::ch03
