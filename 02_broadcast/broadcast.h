// Chapter 02: broadcasting, built again on the bare tensor.
//
// Elementwise arithmetic on tensors of different shapes lines the shapes up at their last
// dimensions. Two sizes fit if they are equal or if one of them is 1, which is then stretched to
// the other; a dimension that one of the shapes lacks counts as 1.
//
//   image   [256, 256, 3]        a row   [3]       a column  [3, 1]
//   scale             [3]     matrix  [3, 3]         matrix  [3, 3]
//   result  [256, 256, 3]     result  [3, 3]         result  [3, 3]
//
// Nothing here uses the broadcasting of common, which is the hardened form: common/tensor/shape.h,
// Layout::expand, common/tensor/ops.h. Source: the notes, "Broadcasting".
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch02 {

// Returns the shape of the result. Throws ShapeError where two sizes clash. (Write
// ch02::broadcast_shapes: common has one of the same name.)
Shape broadcast_shapes(const Shape& a, const Shape& b);

// Returns x seen in another shape: a view. Along a dimension that is stretched its stride is 0, so
// all indices lead to the same element. Costs a few integer operations, and no memory for elements.
// Throws ShapeError for a shape that has fewer dimensions, a negative size, or another size where
// x's is not 1.
Tensor expand(const Tensor& x, const Shape& shape);

// Four ways to a + b, a new contiguous tensor of shape broadcast_shapes(a, b), whose ShapeError
// they throw. They take any strides and make one addition for each element of the result. They
// differ in how they reach the operands.
Tensor copied(const Tensor& a, const Tensor& b);   // write both out to the full shape first
Tensor strided(const Tensor& a, const Tensor& b);  // read them where they are, one call an element
Tensor rowwise(const Tensor& a, const Tensor& b);  // ... one loop a row
Tensor fused(const Tensor& a, const Tensor& b);    // ... in which the compiler knows the steps

using Add = Tensor(const Tensor& a, const Tensor& b);

// In the order of the lesson.
inline constexpr Rung<Add> kAddRungs[] = {
    {"copied", copied},
    {"strided", strided},
    {"rowwise", rowwise},
    {"fused", fused},
};

// The other elementwise operators, made like `rowwise`, under PyTorch's names.
Tensor sub(const Tensor& a, const Tensor& b);     // a - b
Tensor mul(const Tensor& a, const Tensor& b);     // a * b
Tensor div(const Tensor& a, const Tensor& b);     // a / b
BoolTensor eq(const Tensor& a, const Tensor& b);  // a == b
BoolTensor ne(const Tensor& a, const Tensor& b);  // a != b
BoolTensor lt(const Tensor& a, const Tensor& b);  // a < b
BoolTensor le(const Tensor& a, const Tensor& b);  // a <= b
BoolTensor gt(const Tensor& a, const Tensor& b);  // a > b
BoolTensor ge(const Tensor& a, const Tensor& b);  // a >= b

}  // namespace foundations::ch02
