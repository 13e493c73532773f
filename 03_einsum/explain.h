// einsum, explained: what the program `explain` prints.
//
//   std::cout << explain(Expression("bik,bkj->bij", {{2, 3, 4}, {2, 4, 5}}));
#pragma once

#include <string>
#include <string_view>

#include "03_einsum/explain_expression.h"
#include "common/linalg/subscripts.h"

namespace foundations::ch03 {

// What each label is and why, the loop nest, what it costs, and the same einsum by broadcasting and
// by matrix products: some 30 lines of ASCII. Nothing is evaluated: sizes may be absurd.
std::string explain(const Expression& e);

// The reason, the subscripts, and a caret under the place, each on a line.
std::string pointed_out(std::string_view subscripts, const SubscriptError& error);

// "1,234", or "1.2e+30" from 1e15 on.
std::string number_text(double number);

}  // namespace foundations::ch03
