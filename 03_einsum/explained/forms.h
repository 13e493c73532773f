// einsum in other words, in the notes' own notation: as a broadcast product that is summed, and as
// matrix products.
//
//   const Expression e("ik,jk->ij", {{2, 3}, {4, 3}});
//   broadcast_form(e).python();    // "(a[:,None,:] * b).sum(2)"
//   product_steps(e)[0].python();  // "a @ b.t()"
#pragma once

#include <string>
#include <vector>

#include "03_einsum/explained/expression.h"

namespace foundations::ch03 {

// A product, and what is done to it. With '@' it is a matrix product: each of the four groups of
// labels is one dimension, but for `batch`, whose labels keep a dimension each. With '*' it is a
// product element by element.
struct Step {
  std::string python() const;  // the right side of the line

  std::string result;  // the name it is given
  char op = '*';
  std::vector<std::string> factors;        // Python
  std::string after;                       // what is done to the product
  std::vector<std::string> shapes;         // of the factors, and last of their product
  std::string axes;                        // with '*': the labels of the product's dimensions
  std::string batch, left, summed, right;  // labels
  double multiplications = 0;
};

// All operands lined up by None and permute, multiplied, and summed. With one operand it is views
// and sums alone.
Step broadcast_form(const Expression& e);

// The operands multiplied in pairs, in the order in which einsum does (einsum_order.h). A label is
// summed as soon as neither another operand nor the output needs it; before any product, if one
// operand alone has it. Where no label
// of both is summed, or none is kept from one side alone (a batch of inner products), the step is
// '*', else '@'. There are no steps with fewer than two operands.
std::vector<Step> product_steps(const Expression& e);

}  // namespace foundations::ch03
