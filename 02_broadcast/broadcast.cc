#include "02_broadcast/broadcast.h"

#include <string>

namespace foundations::ch02 {

Shape broadcast_shapes(const Shape& shape_a, const Shape& shape_b) {
  Shape a = shape_a, b = shape_b;
  while (a.size() < b.size()) a.insert(0, 1);
  while (b.size() < a.size()) b.insert(0, 1);
  for (int64_t d = a.size() - 1; d >= 0; --d) {
    if (a[d] != b[d] && a[d] != 1 && b[d] != 1) {
      throw ShapeError("The size of tensor a (" + std::to_string(a[d]) +
                       ") must match the size of tensor b (" + std::to_string(b[d]) +
                       ") at non-singleton dimension " + std::to_string(d));
    }
    if (a[d] == 1) a[d] = b[d];
  }
  return a;
}

Tensor expand(const Tensor& x, const Shape& shape) {
  const int64_t missing = shape.size() - x.dim();
  if (missing < 0) {
    throw ShapeError("The number of sizes provided (" + std::to_string(shape.size()) +
                     ") must be greater or equal to the number of dimensions in the tensor (" +
                     std::to_string(x.dim()) + ")");
  }
  Strides strides;
  for (int64_t d = 0; d < shape.size(); ++d) {
    const int64_t from = d - missing;  // the dimension of x that becomes d; none if negative
    const bool kept = from >= 0 && x.size(from) == shape[d];
    if (!kept && from >= 0 && x.size(from) != 1) {
      throw ShapeError("The expanded size of the tensor (" + std::to_string(shape[d]) +
                       ") must match the existing size (" + std::to_string(x.size(from)) +
                       ") at non-singleton dimension " + std::to_string(d) + ".  Target sizes: " +
                       bracketed(shape) + ".  Tensor sizes: " + bracketed(x.shape()));
    }
    strides.push_back(kept ? x.stride(from) : 0);
  }
  shape.numel();  // refuses a negative size, and a product that overflows
  return Tensor(x.storage(), {shape, strides, x.storage_offset()});
}

}  // namespace foundations::ch02
