// An einsum to be explained: read, and with a name for every tensor.
//
//   const Expression e("ik,kj->ij", {{2, 3}, {3, 4}});
//   e.names;    // {"a", "b", "c"}: c = einsum("ik,kj->ij", a, b)
//   e.loops();  // "ijk"
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/linalg/subscripts.h"
#include "common/tensor/shape.h"

namespace foundations::ch03 {

inline bool contains(std::string_view labels, char label) {
  return labels.find(label) != std::string_view::npos;
}

struct Expression : Subscripts {
  // Throws SubscriptError as parse_subscripts does.
  Expression(std::string_view expression, std::vector<Shape> operand_shapes);

  const std::string& result() const { return names.back(); }
  // One label for each loop, the outermost first: those of the output, then those that are summed.
  std::string loops() const { return output + summed; }
  // Returns true if this operand has size 1 where the loop over the label is longer.
  bool is_stretched(std::size_t operand, char label) const;
  // The product of the labels' sizes; in double, because 63 bits may be too few.
  double count(std::string_view labels) const;

  std::string text;                // "ik,kj->ij"
  std::vector<Shape> shapes;       // of the operands
  std::vector<std::string> names;  // of the operands, and last of the result
};

// "ijk" as {"i", "j", "k"}.
std::vector<std::string> each_alone(std::string_view labels);

std::string joined(const std::vector<std::string>& words, const std::string& separator);

// A letter is its own name; the dimensions of an ellipsis are d1 for the last, d2, ... as in "-1".
std::string loop_variable(char label);
std::string loop_variables(std::string_view labels, const std::string& separator);

// Makes up shapes: sizes 2, 3, 4, ... for the labels in their order, and one dimension of size 2
// for each ellipsis. It looks for no mistakes: parse_subscripts does.
std::vector<Shape> small_shapes(std::string_view text);

}  // namespace foundations::ch03
