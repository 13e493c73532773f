// What `explain` prints, compiled: for each row of the tables in common/test_einsum.h its loop nest
// and its other forms as functions. write_emitted.cc writes their source.
#pragma once

#include <vector>

#include "common/tensor.h"
#include "common/test_einsum.h"

namespace foundations::ch03 {

struct Emitted {
  const EinsumCase& row;
  // Operands row-major; writes every element of the row-major result.
  void (*loops)(const std::vector<Tensor>& operands, float* result);
  Tensor (*broadcast)(
      const std::vector<Tensor>& operands);                 // null where it has too many dimensions
  Tensor (*products)(const std::vector<Tensor>& operands);  // null for one operand
};

const std::vector<Emitted>& emitted();

}  // namespace foundations::ch03
