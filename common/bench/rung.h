// A rung: one way of multiplying two matrices. A chapter lists its rungs, in the order in which it
// tells them, in a table that its test, its benchmark and //:speedups all walk:
//
//   inline constexpr Rung kRungs[] = {
//       {"checked", checked, 0.922},
//       {"triple_loop", triple_loop},
//   };
#pragma once

#include <string_view>

#include "common/tensor/tensor.h"

namespace foundations {

struct Rung {
  std::string_view name;
  Tensor (*matmul)(const Tensor& a, const Tensor& b);  // a: [n, k]   b: [k, m]   returns [n, m]
  double notes_seconds = 0;  // what the notes' Python took for 5x784x10; 0: the notes do not say
};

// The check that every rung begins with. Throws ShapeError unless a and b are matrices, and a has
// as many columns as b has rows.
void check_matrices(const Tensor& a, const Tensor& b);

}  // namespace foundations
