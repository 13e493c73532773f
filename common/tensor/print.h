// The text of tensors, shapes, strides and storages: character for character what PyTorch prints.
//
//   std::cout << tensor({10, 6, -4});                        // tensor([10.,  6., -4.])
//   to_string(tensor({10, 6, -4}).shape());                  // torch.Size([3])
//   tuple_string(t.strides(), t.shape());                    // ((0, 1), torch.Size([3, 3]))
//
// A tensor is written with 4 decimals, or in scientific form if 4 decimals would show too little. A
// tensor of more than 1,000 elements shows the first and last three of each dimension, and only
// these are read: a tensor of any size prints at once.
#pragma once

#include <concepts>
#include <ostream>
#include <string>
#include <type_traits>
#include <vector>

#include "common/tensor/shape.h"
#include "common/tensor/storage.h"
#include "common/tensor/tensor.h"

namespace foundations {

// Returns "tensor([[1., 2.],\n        [3., 4.]])", without a newline at the end. T is float,
// double, int64 or bool.
template <class T>
std::string to_string(const TensorOf<T>& tensor);

// Returns "torch.Size([5, 784])".
std::string to_string(const Shape& shape);

// Returns a Python tuple: "(0, 1)", "(1,)", "()".
std::string to_string(const Strides& strides);

// Returns all elements, however many, one a line:
// " 10.0\n 20.0\n[torch.FloatStorage of size 2]".
template <class T>
std::string to_string(const Storage<T>& storage);

// Returns a number as Python's repr writes it, with the fewest digits that read back as the same
// double: 10.0, 1e-05, inf.
std::string python_repr(double value);

// Returns any plain number as Python prints it: 10.0, 784, True.
template <ScalarFor<double> N>
std::string to_string(N value) {
  if constexpr (std::same_as<N, bool>) {
    return value ? "True" : "False";
  } else if constexpr (std::integral<N>) {
    return std::to_string(value);
  } else {
    return python_repr(value);
  }
}

template <class T>
std::ostream& operator<<(std::ostream& out, const TensorOf<T>& tensor) {
  return out << to_string(tensor);
}
template <class T>
std::ostream& operator<<(std::ostream& out, const Storage<T>& storage) {
  return out << to_string(storage);
}
inline std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  return out << to_string(shape);
}
inline std::ostream& operator<<(std::ostream& out, const Strides& strides) {
  return out << to_string(strides);
}

// Returns a tuple of texts as a notebook shows it: "(a, b)" on one line if it fits into 79 columns,
// else an item a line.
std::string notebook_tuple(const std::vector<std::string>& items);

// Returns the output of a cell of the notes that ends in `a, b`: anything that to_string takes.
template <class... Items>
std::string tuple_string(const Items&... items) {
  return notebook_tuple({to_string(items)...});
}

}  // namespace foundations
