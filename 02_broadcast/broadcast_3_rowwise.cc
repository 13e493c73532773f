// The same loops over the same two views. New: the last dimension is one plain loop, not one call
// for each element.
#include "02_broadcast/broadcast.h"

namespace foundations::ch02 {
namespace {

// Writes x + y over dimensions d, d + 1, ... to out, one element after another. The first elements
// are *from_x and *from_y. Returns where the next one goes.
float* add(const Layout& x, const Layout& y, int64_t d, const float* from_x, const float* from_y,
           float* out) {
  if (d == x.dim() - 1) {
    const int64_t n = x.shape[d], x_step = x.strides[d], y_step = y.strides[d];
    for (int64_t i = 0; i < n; ++i) out[i] = from_x[i * x_step] + from_y[i * y_step];
    return out + n;
  }
  for (int64_t i = 0; i < x.shape[d]; ++i) {
    out = add(x, y, d + 1, from_x + i * x.strides[d], from_y + i * y.strides[d], out);
  }
  return out;
}

}  // namespace

Tensor rowwise(const Tensor& a, const Tensor& b) {
  const Shape shape = ch02::broadcast_shapes(a.shape(), b.shape());
  const Shape seen = shape.empty() ? Shape{1} : shape;  // a number is a row of one
  const Tensor x = expand(a, seen), y = expand(b, seen);
  Tensor c = empty(shape);
  add(x.layout(), y.layout(), 0, x.data(), y.data(), c.data());
  return c;
}

}  // namespace foundations::ch02
