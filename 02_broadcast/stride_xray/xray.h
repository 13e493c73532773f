// The X-ray of a broadcast, as text: two operands lined up at their last axes, what is stretched,
// and which cell of storage each element of the stretched operands reads.
//
//   xray 3 3,3            as in row.txt
//   xray '3[:,None]' 3,3  as in column.txt
//   xray '[]' 3,3         as in number.txt
//   xray 2,3 2            as in clash.txt
#pragma once

#include <cstdint>
#include <string>

#include "02_broadcast/stride_xray/operand.h"

namespace foundations::ch02 {

inline constexpr std::int64_t kPageWidth = 100;  // columns of text
inline constexpr std::int64_t kIndent = 11;      // of them for the labels on the left

// Draws one operand as it lies: its shape, its strides, its storage and what it reads.
std::string xray(const Operand& operand);

// Draws two operands and the result of an elementwise operation on them. Where their shapes clash,
// it marks the axis and says what PyTorch says and which unsqueeze() makes them fit. Throws
// ShapeError when the elements of the result cannot be counted in 63 bits.
//
// You see the first and the last cells of a long axis, and the last two of more than two axes. So
// the cost is that of the drawing, however large the shapes.
std::string xray(const Operand& a, const Operand& b);

// Draws the operand called `name`, expanded to `shape`: the part of both that shows cells. [0] is a
// cell read for the first time; a bare 0 is the same cell again.
std::string cells(const std::string& name, const Operand& operand, const Shape& shape);

}  // namespace foundations::ch02
