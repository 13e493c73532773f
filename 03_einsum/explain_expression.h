// An einsum as it is explained: read, and with a name for everything in it.
//
//   const Expression e("ik,kj->ij", {{2, 3}, {3, 4}});
//   e.names;                        // {"a", "b", "c"}: c = einsum("ik,kj->ij", a, b)
//   e.loops();                      // "ijk"
//   broadcast_form(e).text();        // "(a[:,:,None] * b).sum(1)"
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/linalg/subscripts.h"
#include "common/tensor/shape.h"

namespace foundations::ch03 {

struct Expression {
  // Throws SubscriptError as parse_subscripts does.
  Expression(std::string_view expression, std::vector<Shape> operands);

  // One label for each loop, the outermost first: those of the output, then those that are summed.
  std::string loops() const { return subscripts.output + subscripts.summed; }
  const std::string& result_name() const { return names.back(); }
  // Whether this operand has the label, and with size 1 where the label's size is another.
  bool is_stretched(std::size_t operand, char label) const;

  std::string text;           // "ik,kj->ij"
  std::vector<Shape> shapes;  // of the operands
  Subscripts subscripts;
  std::vector<std::string> names;  // of the operands, and last of the result
};

// A letter is its own name; the dimensions of an ellipsis are d1 for the last, d2, ... as in "-1".
std::string loop_variable(char label);
std::string loop_variables(const std::string& labels, std::string_view separator);

// Shapes for an expression that came without: sizes 2, 3, 4, ... for the labels as they are met,
// and one dimension of size 2 for an ellipsis, if the labels leave room for it. What is wrong with
// the expression, parsing will say.
std::vector<Shape> small_shapes(std::string_view text);

// "2x3x4" or "scalar". Throws ShapeError for anything else.
Shape parse_shape(std::string_view text);

// join({"a", "b", "c"}, ", ", " and ") is "a, b and c".
std::string join(const std::vector<std::string>& words, std::string_view separator,
                 std::string_view last_separator);
std::string join(const std::vector<std::string>& words, std::string_view separator);

}  // namespace foundations::ch03
