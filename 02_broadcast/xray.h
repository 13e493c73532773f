// The X-ray of a broadcast, as text: two operands lined up at their last axes, what is stretched,
// and which cell of storage each element of the stretched operands reads. `xray 3 3,3`:
//
//     axis          0   1
//     a        . -> 3   3
//     b             3   3
//     result        3   3
//
//   a: 3
//     shape    [3]   ->  [3, 3]
//     strides  (1,)  ->  (0, 1)
//                         ^ down axis 0: every row reads the same cells
//     storage  [0] [1] [2]
//     reads    [0] [1] [2]
//               0   1   2
//               0   1   2
//     9 elements read 3 floats of storage; nothing is copied.
//
//   b: 3,3
//     ...
#pragma once

#include <string>

#include "02_broadcast/xray_operand.h"

namespace foundations::ch02 {

// One operand as it lies: its shape, its strides, its storage and what it reads.
std::string xray(const Operand& operand);

// Two operands and the result of an elementwise operation on them. When their shapes clash, the
// axis that does is marked, and below stand PyTorch's sentence and every unsqueeze that would help.
// Throws ShapeError when the elements of the result cannot be counted in 63 bits. (The notes'
// expand_as, storage and stride, drawn.)
//
// Lines of at most 100 columns, however large the shapes: of an axis too long to be drawn, the
// first and the last cells are, and of more than two axes the last two. The cost is that of the
// drawing.
std::string xray(const Operand& a, const Operand& b);

}  // namespace foundations::ch02
