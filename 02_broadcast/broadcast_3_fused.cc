// The same loops over the same two views. New: the last dimension is not one call for each element
// but one plain loop, in which an operand goes on by 1 or, stretched, stands still. For these two
// the compiler knows what to do.
//
// What is done to two elements has become an argument, so that the one loop is all the operators.
#include <functional>
#include <type_traits>

#include "02_broadcast/broadcast.h"

namespace foundations::ch02 {
namespace {

// Steps that the compiler sees, because each has a type of its own.
constexpr std::integral_constant<int64_t, 1> kAlong;
constexpr std::integral_constant<int64_t, 0> kStill;

template <class Out, class F>
void row(int64_t n, const float* x, int64_t x_step, const float* y, int64_t y_step, Out* out, F f) {
  const auto loop = [=](auto x_step, auto y_step) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) out[i] = f(x[i * x_step], y[i * y_step]);
  };
  if (x_step == 1 && y_step == 1) return loop(kAlong, kAlong);
  if (x_step == 1 && y_step == 0) return loop(kAlong, kStill);
  if (x_step == 0 && y_step == 1) return loop(kStill, kAlong);
  return loop(x_step, y_step);
}

// f(x, y) over dimensions d, d + 1, ..., of which the first elements are *from_x and *from_y,
// written to out one after another. Returns where the next one goes.
template <class Out, class F>
Out* rows(const Layout& x, const Layout& y, int64_t d, const float* from_x, const float* from_y,
          Out* out, F f) {
  if (d == x.dim() - 1) {
    row(x.shape[d], from_x, x.strides[d], from_y, y.strides[d], out, f);
    return out + x.shape[d];
  }
  for (int64_t i = 0; i < x.shape[d]; ++i) {
    out = rows(x, y, d + 1, from_x + i * x.strides[d], from_y + i * y.strides[d], out, f);
  }
  return out;
}

template <class F>
auto elementwise(const Tensor& a, const Tensor& b, F f) {
  const Shape shape = ch02::broadcast_shapes(a.shape(), b.shape());
  const Shape seen = shape.empty() ? Shape{1} : shape;  // a scalar is a row of one
  const Tensor x = expand(a, seen), y = expand(b, seen);
  const auto c = empty<decltype(f(0.f, 0.f))>(shape);
  rows(x.layout(), y.layout(), 0, x.data(), y.data(), c.data(), f);
  return c;
}

}  // namespace

Tensor fused(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::plus<>()); }

Tensor sub(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::minus<>()); }
Tensor mul(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::multiplies<>()); }
Tensor div(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::divides<>()); }
BoolTensor eq(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::equal_to<>()); }
BoolTensor ne(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::not_equal_to<>()); }
BoolTensor lt(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::less<>()); }
BoolTensor le(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::less_equal<>()); }
BoolTensor gt(const Tensor& a, const Tensor& b) { return elementwise(a, b, std::greater<>()); }
BoolTensor ge(const Tensor& a, const Tensor& b) {
  return elementwise(a, b, std::greater_equal<>());
}

}  // namespace foundations::ch02
