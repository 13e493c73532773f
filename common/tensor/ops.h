// The arithmetic of tensors: elementwise operators with broadcasting, on two tensors of one type or
// on a tensor and a number. The pointwise methods (`x.exp()`) and the reductions (`x.sum(0)`) are
// declared in tensor.h and belong here too.
//
//   Tensor a = tensor({10, 6, -4}), b = tensor({2, 8, 7});
//   a + b                          // tensor([12., 14.,  3.])
//   (a < b).to<float>().mean()     // tensor(0.6667)
//
// Each operator makes a new tensor, of the shape that broadcast_shapes() gives, and throws its
// ShapeError. A stretched operand is read in place, never copied. Cost: one pass over memory.
//
// As in Python, == gives a tensor of bools. Types do not mix: `a.to<double>() + d`. Integers have
// no operator/ (PyTorch's would make them float): convert first. Integer overflow wraps around.
#pragma once

#include <concepts>
#include <type_traits>

#include "common/tensor/tensor.h"

namespace foundations {

// One side of an operator: a tensor, or a number standing for a tensor of shape [].
template <class T>
class Operand {
 public:
  Operand(const TensorOf<T>& tensor) : tensor_(&tensor) {}
  template <ScalarFor<T> Scalar>
  Operand(Scalar number) : number_(static_cast<T>(number)) {}

  const T* data() const { return tensor_ ? tensor_->data() : &number_; }
  Layout layout() const { return tensor_ ? tensor_->layout() : Layout{}; }
  const TensorOf<T>* tensor() const { return tensor_; }

 private:
  const TensorOf<T>* tensor_ = nullptr;
  T number_{};
};

// The element type T of two operands, where they go together: TensorOf<T> and TensorOf<T>, or
// TensorOf<T> and a number for it.
template <class A, class B>
struct CommonElement {};
template <class T>
struct CommonElement<TensorOf<T>, TensorOf<T>> {
  using Type = T;
};
template <class T, ScalarFor<T> Scalar>
struct CommonElement<TensorOf<T>, Scalar> {
  using Type = T;
};
template <class T, ScalarFor<T> Scalar>
struct CommonElement<Scalar, TensorOf<T>> {
  using Type = T;
};
template <class A, class B>
using ElementOf = typename CommonElement<A, B>::Type;

enum class Arithmetic { kAdd, kSubtract, kMultiply, kDivide };
enum class Comparison { kEqual, kNotEqual, kLess, kLessEqual };

// What the operators below call.
template <Number T>
TensorOf<T> arithmetic(Arithmetic op, const Operand<T>& a, const Operand<T>& b);
template <class T>
BoolTensor compare(Comparison op, const Operand<T>& a, const Operand<T>& b);

template <class A, class B, Number T = ElementOf<A, B>>
TensorOf<T> operator+(const A& a, const B& b) {
  return arithmetic<T>(Arithmetic::kAdd, a, b);
}
template <class A, class B, Number T = ElementOf<A, B>>
TensorOf<T> operator-(const A& a, const B& b) {
  return arithmetic<T>(Arithmetic::kSubtract, a, b);
}
template <class A, class B, Number T = ElementOf<A, B>>
TensorOf<T> operator*(const A& a, const B& b) {
  return arithmetic<T>(Arithmetic::kMultiply, a, b);
}
template <class A, class B, std::floating_point T = ElementOf<A, B>>
TensorOf<T> operator/(const A& a, const B& b) {
  return arithmetic<T>(Arithmetic::kDivide, a, b);
}
template <Number T>
TensorOf<T> operator-(const TensorOf<T>& a) {
  return arithmetic<T>(Arithmetic::kMultiply, a, T{-1});
}

template <class A, class B, class T = ElementOf<A, B>>
BoolTensor operator==(const A& a, const B& b) {
  return compare<T>(Comparison::kEqual, a, b);
}
template <class A, class B, class T = ElementOf<A, B>>
BoolTensor operator!=(const A& a, const B& b) {
  return compare<T>(Comparison::kNotEqual, a, b);
}
template <class A, class B, class T = ElementOf<A, B>>
BoolTensor operator<(const A& a, const B& b) {
  return compare<T>(Comparison::kLess, a, b);
}
template <class A, class B, class T = ElementOf<A, B>>
BoolTensor operator<=(const A& a, const B& b) {
  return compare<T>(Comparison::kLessEqual, a, b);
}
template <class A, class B, class T = ElementOf<A, B>>
BoolTensor operator>(const A& a, const B& b) {
  return compare<T>(Comparison::kLess, b, a);
}
template <class A, class B, class T = ElementOf<A, B>>
BoolTensor operator>=(const A& a, const B& b) {
  return compare<T>(Comparison::kLessEqual, b, a);
}

// Element by element, from `a` where the condition holds and from `b` elsewhere; all three
// broadcast.
template <class T>
TensorOf<T> select_where(const BoolTensor& condition, const Operand<T>& a, const Operand<T>& b);
template <class A, class B, class T = ElementOf<A, B>>
TensorOf<T> where(const BoolTensor& condition, const A& a, const B& b) {
  return select_where<T>(condition, a, b);
}

}  // namespace foundations
