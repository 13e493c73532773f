// PyTorch's rules for the text of a tensor, followed step by step without regard to cost: what
// common/tensor/print.h must give.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace foundations {

// All elements in row-major order, as double, int64 (bool: 0 and 1) or both.
struct Printed {
  std::vector<std::int64_t> shape;
  std::string dtype;                // "float32", "float64", "int64", "bool"
  std::vector<double> values;       // of the floating-point types
  std::vector<std::int64_t> whole;  // of the others
};

std::string print_slowly(const Printed& tensor);

}  // namespace foundations
