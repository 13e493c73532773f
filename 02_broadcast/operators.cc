// `rowwise` again, with + an argument: one function is all the operators.
#include <functional>

#include "02_broadcast/broadcast.h"

namespace foundations::ch02 {
namespace {

// Writes f(x, y) over dimensions d, d + 1, ... to out, as `add` of rowwise writes x + y.
template <class Out, class F>
Out* rows(const Layout& x, const Layout& y, int64_t d, const float* from_x, const float* from_y,
          Out* out, F f) {
  if (d == x.dim() - 1) {
    const int64_t n = x.shape[d], x_step = x.strides[d], y_step = y.strides[d];
    for (int64_t i = 0; i < n; ++i) out[i] = f(from_x[i * x_step], from_y[i * y_step]);
    return out + n;
  }
  for (int64_t i = 0; i < x.shape[d]; ++i) {
    out = rows(x, y, d + 1, from_x + i * x.strides[d], from_y + i * y.strides[d], out, f);
  }
  return out;
}

template <class F>
auto elementwise(const Tensor& a, const Tensor& b, F f) {
  const Shape shape = ch02::broadcast_shapes(a.shape(), b.shape());
  const Shape seen = shape.empty() ? Shape{1} : shape;  // a number is a row of one
  const Tensor x = expand(a, seen), y = expand(b, seen);
  auto c = empty<decltype(f(0.f, 0.f))>(shape);  // of bools, if f compares
  rows(x.layout(), y.layout(), 0, x.data(), y.data(), c.data(), f);
  return c;
}

}  // namespace

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
