// A rung: one way of doing a piece of work. A chapter lists its rungs, in the order in which it
// tells them, in a table that its test, its benchmark and //:speedups all walk:
//
//   inline constexpr Rung<Matmul> kRungs[] = {
//       {"checked", checked, 0.922},
//       {"triple_loop", triple_loop},
//   };
#pragma once

#include <string_view>

#include "common/tensor/tensor.h"

namespace foundations {

// Rungs of one ladder have one signature.
template <class Function>
struct Rung {
  std::string_view name;
  Function* run;
  double notes_seconds = 0;  // what the notes' Python took; 0: the notes do not say
};

// The work of most ladders.   a: [m, k]   b: [k, n]   returns [m, n]
using Matmul = Tensor(const Tensor& a, const Tensor& b);

// The check that every matmul begins with. Throws ShapeError unless a and b are matrices, and a has
// as many columns as b has rows.
void check_matrices(const Tensor& a, const Tensor& b);

}  // namespace foundations
