// Addition without broadcasting: both operands are written out to the full shape, then a plain loop
// adds them. The number of dimensions is known only at run time, so the loops over them are a
// function that calls itself, once for each index of a dimension.
#include "02_broadcast/broadcast.h"

namespace foundations::ch02 {
namespace {

// Writes the elements of x over dimensions d, d + 1, ... to out, one after another. The first is
// *from. Returns where the next one goes.
float* write_out(const Layout& x, int64_t d, const float* from, float* out) {
  if (d == x.dim()) {
    *out = *from;
    return out + 1;
  }
  for (int64_t i = 0; i < x.shape[d]; ++i) {
    out = write_out(x, d + 1, from + i * x.strides[d], out);
  }
  return out;
}

Tensor copy(const Tensor& x) {
  Tensor result = empty(x.shape());
  write_out(x.layout(), 0, x.data(), result.data());
  return result;
}

}  // namespace

Tensor copied(const Tensor& a, const Tensor& b) {
  const Shape shape = ch02::broadcast_shapes(a.shape(), b.shape());
  const Tensor x = copy(expand(a, shape)), y = copy(expand(b, shape));
  Tensor c = empty(shape);
  const int64_t numel = c.numel();
  for (int64_t n = 0; n < numel; ++n) c.data()[n] = x.data()[n] + y.data()[n];
  return c;
}

}  // namespace foundations::ch02
