// Chapter 02: broadcasting, built again on the bare tensor.
//
// Elementwise arithmetic on tensors of different shapes lines the shapes up at their last
// dimensions. Two sizes go together if they are equal or if one of them is 1, which is then
// stretched to the other; a dimension that one of the shapes has not counts as 1.
//
//   image   [256, 256, 3]        a row   [3]       a column  [3, 1]
//   scale             [3]     matrix  [3, 3]         matrix  [3, 3]
//   result  [256, 256, 3]     result  [3, 3]         result  [3, 3]
//
// Nothing in here uses the broadcasting of common, which is this, hardened: common/tensor/shape.h,
// Layout::expand, common/tensor/ops.h. Source: the notes, "Broadcasting".
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch02 {

// The shape of the result. Throws ShapeError where two sizes clash. Called as
// ch02::broadcast_shapes: argument-dependent lookup finds common's of that name as well.
Shape broadcast_shapes(const Shape& a, const Shape& b);

// x seen in another shape: a view. Along a dimension that is stretched its stride is 0, so that all
// indices lead to the same element. Costs a few integer operations, and no memory for elements.
// Throws ShapeError for a shape that has fewer dimensions, a negative size, or another size where
// x's is not 1.
Tensor expand(const Tensor& x, const Shape& shape);

// a + b, a new contiguous tensor of shape broadcast_shapes(a, b), whose ShapeError they throw. Any
// strides. One addition for each element of the result; they differ in how they get at the
// operands.
Tensor copied(const Tensor& a, const Tensor& b);   // written out to the full shape
Tensor strided(const Tensor& a, const Tensor& b);  // where they are, each element looked up
Tensor fused(const Tensor& a, const Tensor& b);    // where they are, a row at a time

using Add = Tensor(const Tensor& a, const Tensor& b);

// In the order of the lesson.
inline constexpr Rung<Add> kAddRungs[] = {
    {"copied", copied},
    {"strided", strided},
    {"fused", fused},
};

// The other elementwise operators, in the way of `fused`, with PyTorch's names for them.
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
