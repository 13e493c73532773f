// The operands of the X-ray as you type them: a shape, and the views taken of it.
#pragma once

#include <cstdint>
#include <string>

#include "common/tensor/layout.h"

namespace foundations::ch02 {

inline constexpr const char* kOperandSyntax =
    R"(An operand is the shape of a tensor and, after it, the views that are taken of it:

  3,3 or 3x3            a tensor of 3 x 3
  '[]'                  a scalar
  '3[:,None]'           indexed as in Python: numbers, start:stop:step, None and ...
  '3,4.t()'             transposed
  '3.unsqueeze(1)'      with an axis put in
  '9,9,3[0].t()[1:]'    one after the other

The quotes keep the shell's hands off brackets and parentheses.)";

struct Operand {
  std::string text;    // as it was typed
  std::int64_t cells;  // how many elements its storage has
  Layout layout;       // which of them it reads
};

// Reads an operand; blanks do not count. Makes no storage, so the shape may be of any size. Throws
// ShapeError, with a sentence that begins with the text, for anything else, and for what Layout
// refuses.
Operand parse_operand(const std::string& text);

}  // namespace foundations::ch02
