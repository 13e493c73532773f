// The operands of the X-ray as one types them: a shape, and the views taken of it.
//
//   3,3                     a tensor of that shape, in a storage of its own
//   []                      a scalar
//   3[:,None]               indexed as in Python: numbers, start:stop:step, None and ...
//   3,4.t()                 transposed
//   3.unsqueeze(1)          with an axis put in
//   256,256,3[0].t()[1:]    one after the other
#pragma once

#include <cstdint>
#include <string>

#include "common/tensor/layout.h"

namespace foundations::ch02 {

struct Operand {
  std::string text;    // as it was typed
  std::int64_t cells;  // how many elements its storage has
  Layout layout;       // which of them it reads
};

// Spaces do not count. No storage is made, whatever the shape. Throws ShapeError, with a sentence
// that begins with the text, when that is none of the above, or when Layout refuses it.
Operand parse_operand(const std::string& text);

}  // namespace foundations::ch02
