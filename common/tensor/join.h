// Tensors put together from others. All make new, row-major tensors, at the cost of one pass over
// the result; index_select() and gather() in tensor.h, which pick elements, are their siblings.
//
//   Tensor a = tensor({{1, 2}}), b = tensor({{3, 4}});
//   cat({a, b})                    // [[1, 2], [3, 4]]
//   cat({a, b}, 1)                 // [[1, 2, 3, 4]]
//   stack({a[0], b[0]}, 1)         // [[1, 3], [2, 4]]
//   pad(a, {1, 0})                 // [[0, 1, 2]]
#pragma once

#include <initializer_list>
#include <vector>

#include "common/tensor/tensor.h"

namespace foundations {

// One behind the other along `dim`. Throws ShapeError where there are no tensors, or their shapes
// differ in more than that dim; a tensor of shape [0] fits everywhere, as in PyTorch.
template <class T>
TensorOf<T> cat(const std::vector<TensorOf<T>>& tensors, std::int64_t dim = 0);
template <class T>
TensorOf<T> cat(std::initializer_list<TensorOf<T>> tensors, std::int64_t dim = 0) {
  return cat(std::vector<TensorOf<T>>(tensors), dim);
}

// Side by side along a new dim. Throws ShapeError unless there are tensors, all of one shape.
template <class T>
TensorOf<T> stack(const std::vector<TensorOf<T>>& tensors, std::int64_t dim = 0);
template <class T>
TensorOf<T> stack(std::initializer_list<TensorOf<T>> tensors, std::int64_t dim = 0) {
  return stack(std::vector<TensorOf<T>>(tensors), dim);
}

// x with `value` around it: padding = {left, right, top, bottom, ...}, a pair for each dim, the
// last dim first (PyTorch's F.pad). A negative number cuts off instead. Throws ShapeError for half
// a pair, more pairs than dims, or a cut beyond what is there.
template <class T>
TensorOf<T> pad(const TensorOf<T>& x, const std::vector<std::int64_t>& padding,
                std::type_identity_t<ScalarOf<T>> value = T{0});

}  // namespace foundations
