// einsum(): torch.einsum, one notation for every product of tensors.
//
//   einsum("ik,kj -> ij", a, b)          // matmul(a, b)
//   einsum("bi,bj->ij", inp, g)          // matmul(inp.t(), g), a sum over the batch
//   einsum("ij,jk,kl->il", a, b, c)      // a chain of products, in the cheaper order
//   einsum("bhqd,bhkd->bhqk", q, k)      // a matrix product for each b and h
//   einsum("ii->i", m)                   // the diagonal, a view
//   einsum("i->", x)                     // a sum
#pragma once

#include <concepts>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "common/linalg/subscripts.h"
#include "common/tensor/tensor.h"

namespace foundations {

// Multiplies the operands and sums over the labels that the output has not, as the subscripts say
// (subscripts.h has their grammar). A label that is repeated within an operand takes the diagonal,
// a size of 1 stretches. T is float, double or int64 (which wraps around).
//
// One operand, nothing summed: the result is a view of it, which shares its memory, with a gradient
// of its own. Every other result is a new tensor; it may be a transposed view of one.
//
// Cost: operands are taken two at a time, in the order of contraction_order() (einsum_order.h): the
// smallest product first. A label that only one of the two has, and that no other operand and not
// the output needs, is summed first. What is left is an elementwise product where no sum remains,
// else a batch of matrix products. Nothing is copied where strides can say that several labels are
// one dimension of these matrices; otherwise that operand is.
//
// Throws SubscriptError where subscripts and shapes do not fit, before anything is computed, and
// ShapeError where no product of two operands that are left has at most kMaxDim dimensions (those
// of size 1 left out). Derived in 03_einsum.
template <Number T>
TensorOf<T> einsum(std::string_view subscripts, std::span<const TensorOf<T>> operands);

template <Number T>
TensorOf<T> einsum(std::string_view subscripts, std::initializer_list<TensorOf<T>> operands) {
  return einsum(subscripts, std::span<const TensorOf<T>>(operands.begin(), operands.size()));
}

template <Number T>
TensorOf<T> einsum(std::string_view subscripts, const std::vector<TensorOf<T>>& operands) {
  return einsum(subscripts, std::span<const TensorOf<T>>(operands));
}

template <Number T, std::same_as<TensorOf<T>>... Rest>
TensorOf<T> einsum(std::string_view subscripts, const TensorOf<T>& first, const Rest&... rest) {
  return einsum<T>(subscripts, {first, rest...});
}

}  // namespace foundations
