// The part of the X-ray that shows one operand: which cell of its storage each element reads.
#pragma once

#include <cstdint>
#include <string>

#include "02_broadcast/xray_operand.h"

namespace foundations::ch02 {

inline constexpr std::int64_t kPageWidth = 100;  // columns of text
inline constexpr std::int64_t kIndent = 11;      // of them for the labels on the left

// The operand called `name`, expanded to `shape`: shape, strides, storage, and the grid of cells
// that are read. Where an element reads its cell for the first time, the cell's number stands in
// brackets; where it is read again because an axis was stretched, the number stands alone.
// Throws ShapeError when the operand cannot be expanded to that shape.
std::string cells(const std::string& name, const Operand& operand, const Shape& shape);

}  // namespace foundations::ch02
