// A rung: one way of doing a piece of work. A chapter lists its rungs in a table, in the order in
// which it explains them. Its test, its benchmark and //:speedups all go through the table:
//
//   inline constexpr Rung<Matmul> kRungs[] = {
//       {"checked", checked, 0.922},
//       {"triple_loop", triple_loop},
//   };
#pragma once

#include <string_view>

#include "common/tensor/tensor.h"

namespace foundations {

// All rungs of a ladder have the same signature.
template <class Function>
struct Rung {
  std::string_view name;
  Function* run;
  double notes_seconds = 0;  // the notes' Python took this long; 0: they do not say
};

// The work of most ladders.   a: [m, k]   b: [k, n]   returns [m, n]
using Matmul = Tensor(const Tensor& a, const Tensor& b);

// Throws ShapeError unless a and b are matrices, and a has as many columns as b has rows. Every
// matmul begins with this check.
void check_matrices(const Tensor& a, const Tensor& b);

}  // namespace foundations
