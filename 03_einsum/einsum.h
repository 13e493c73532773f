// Chapter 03: einsum, one notation for every product of tensors, evaluated in three ways.
//
// All three keep one contract, torch.einsum's. parse_subscripts (common/linalg/subscripts.h) reads
// the subscripts for them, or says what is wrong with them.
//
//   einsum("ik,kj -> ij", a, b):  c[i, j] = sum over k of a[i, k] * b[k, j]
//
// Any number of operands, of any strides. A size of 1 stretches, a sum over nothing is 0, and NaN
// and infinity go where the arithmetic takes them. `broadcast` and `by_matmul` return a view of the
// operand where nothing is multiplied or summed. Throws SubscriptError before anything is computed.
// Source: the notes, "Einstein Summation".
#pragma once

#include <string_view>
#include <vector>

#include "common/bench/rung.h"
#include "common/linalg/subscripts.h"
#include "common/tensor/tensor.h"

namespace foundations::ch03 {

// Runs a loop for each label. Cost: as many steps as the product of the sizes of all labels; no
// memory but the result.
Tensor definition(std::string_view subscripts, const std::vector<Tensor>& operands);

// Gives each operand a dimension for each label, multiplies them with broadcasting, and sums. Cost:
// as before, and the whole product in memory. Throws ShapeError for more than kMaxDim labels.
Tensor broadcast(std::string_view subscripts, const std::vector<Tensor>& operands);

// Multiplies two operands at a time, from the left, as a batch of matrix products. Cost: that of
// the products, and a copy of an operand whose labels no view can group. Throws ShapeError where a
// product of the first operands has more than kMaxDim dimensions (not counting those of size 1).
Tensor by_matmul(std::string_view subscripts, const std::vector<Tensor>& operands);

using Einsum = Tensor(std::string_view subscripts, const std::vector<Tensor>& operands);

// In the order of the lesson.
inline constexpr Rung<Einsum> kEinsumRungs[] = {
    {"definition", definition},
    {"broadcast", broadcast},
    {"by_matmul", by_matmul},
};

// Reads the subscripts and holds them against the operands: the first step of every rung.
Subscripts parse(std::string_view subscripts, const std::vector<Tensor>& operands);

// Returns the operand with one dimension for each label: the diagonal, where a label is repeated.
// `labels` becomes the labels of what is returned.
Tensor without_repeated_labels(Tensor operand, std::string& labels);

}  // namespace foundations::ch03
