// einsum in other words, in the notes' own notation: as a broadcast product that is summed, and as
// matrix products.
//
//   const Expression e("ik,jk->ij", {{2, 3}, {4, 3}});
//   broadcast_form(e).text();    // "(a[:,None,:] * b).sum(2)"
//   product_steps(e)[0].text();  // "a @ b.t()"
#pragma once

#include <string>
#include <vector>

#include "03_einsum/explain_expression.h"

namespace foundations::ch03 {

// All operands lined up by None and permute, multiplied, and summed. With one operand it is views
// and sums alone.
struct BroadcastForm {
  std::string text() const;

  std::vector<std::string> factors;  // "a[:,None,:]", "b"
  std::string after;                 // ".sum(2)"
  std::string axes;                  // the labels of the product's dimensions: "ijk"
};
BroadcastForm broadcast_form(const Expression& e);

// A product of two tensors. With '@' it is a matrix product: every label is in one of four groups,
// and each group is one dimension, but for batch, whose labels keep a dimension each. With '*' it
// is a product element by element: where no label of both is summed, or where none is kept from
// one side alone, in a batch of inner products.
struct ProductStep {
  std::string text() const;    // the right side of the Python line
  std::string shapes() const;  // "[2, 3] @ [3, 4] -> [2, 4]", before `after`

  std::string result;                                // the name it is given
  char op;                                           // '@' or '*'
  std::string left, right;                           // Python, either side of the operator
  std::string after;                                 // what is done to the product
  std::string left_shape, right_shape, shape;        // of `left op right`
  std::string batch, left_only, summed, right_only;  // labels
  double multiplications;
};

// The operands multiplied in pairs from the left, each label summed as soon as no later operand and
// not the output needs it. What a single operand has to itself is summed before any product. No
// steps with fewer than two operands.
std::vector<ProductStep> product_steps(const Expression& e);

// The product of the labels' sizes, in double: it may well be more than 63 bits hold.
double count(const Subscripts& s, const std::string& labels);

}  // namespace foundations::ch03
