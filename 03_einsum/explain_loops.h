// einsum is a loop nest: here it is, written out in C++.
#pragma once

#include <string>
#include <vector>

#include "03_einsum/explain_expression.h"

namespace foundations::ch03 {

// Statements that read the operands' elements through pointers of their names, and write every
// element of the result through its. All are float and row-major. Needs <cstdint>. Ends with a
// newline; lines are at most 96 columns wide where a single element does not need more.
std::string loop_nest(const Expression& e);

// "a[i * 3 + k]": the element of a row-major tensor for these loop variables. A dimension of size 1
// has the index 0 and adds nothing.
std::string element(const std::string& name, const std::string& labels, const Shape& shape);

// The factors with " * " between (or '@' in its place), continued on a new line, four more to the
// right, where it gets too long. `begin` is what the first line begins with, indentation included.
std::string product_lines(const std::string& begin, const std::vector<std::string>& factors,
                          char op = '*');

}  // namespace foundations::ch03
