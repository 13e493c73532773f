// What the program `explain` prints.
//
//   std::cout << explain({"bik,bkj->bij", "2x3x4", "2x4x5"});
#pragma once

#include <string>
#include <vector>

namespace foundations::ch03 {

// Says of an einsum, given as subscripts and shapes, what each label is and why, writes its loops
// out, says what they cost, and writes the same by broadcasting and by matrix products. Without
// shapes it makes some up. Nothing is evaluated: sizes may be absurd.
// Throws ShapeError for what cannot be read; for subscripts its text is three lines: the reason,
// the subscripts, and a caret under the place.
std::string explain(const std::vector<std::string>& arguments);

}  // namespace foundations::ch03
