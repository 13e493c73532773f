// What each label of an einsum is, and why.
#pragma once

#include <string>

#include "03_einsum/explain_expression.h"

namespace foundations::ch03 {

// A title, and a line for each label (more where there is more to say), in the order of the loops:
//   k  size 4  summed  in a and b, not in the output: the products for all k are added up
std::string label_table(const Expression& e);

}  // namespace foundations::ch03
