// The same rows. New: the step along a row is known when the loop is compiled. An operand mostly
// goes on by one element, or it is stretched and stands still: then it is loaded once, for all of
// the row. Any other step (a transpose has one) takes the loop of before.
#include "02_broadcast/broadcast.h"

namespace foundations::ch02 {
namespace {

// Writes x + y to out, a row of n elements.
void add_row(int64_t n, const float* x, int64_t x_step, const float* y, int64_t y_step,
             float* out) {
  if (x_step == 1 && y_step == 1) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) out[i] = x[i] + y[i];
  } else if (x_step == 1 && y_step == 0) {
    const float still = *y;
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) out[i] = x[i] + still;
  } else if (x_step == 0 && y_step == 1) {
    const float still = *x;
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) out[i] = still + y[i];
  } else {
    for (int64_t i = 0; i < n; ++i) out[i] = x[i * x_step] + y[i * y_step];
  }
}

// Writes x + y over dimensions d, d + 1, ... to out, one element after another. The first elements
// are *from_x and *from_y. Returns where the next one goes.
float* add(const Layout& x, const Layout& y, int64_t d, const float* from_x, const float* from_y,
           float* out) {
  if (d == x.dim() - 1) {
    add_row(x.shape[d], from_x, x.strides[d], from_y, y.strides[d], out);
    return out + x.shape[d];
  }
  for (int64_t i = 0; i < x.shape[d]; ++i) {
    out = add(x, y, d + 1, from_x + i * x.strides[d], from_y + i * y.strides[d], out);
  }
  return out;
}

}  // namespace

Tensor fused(const Tensor& a, const Tensor& b) {
  const Shape shape = ch02::broadcast_shapes(a.shape(), b.shape());
  const Shape seen = shape.empty() ? Shape{1} : shape;  // a number is a row of one
  const Tensor x = expand(a, seen), y = expand(b, seen);
  Tensor c = empty(shape);
  add(x.layout(), y.layout(), 0, x.data(), y.data(), c.data());
  return c;
}

}  // namespace foundations::ch02
