#include "common/nn/init.h"

#include <cmath>

#include "common/base/error.h"
#include "common/tensor/overlap.h"

namespace foundations {
namespace {

// Calls draw() for each element in row-major order.
template <class T, class Draw>
void fill_in_order(const TensorOf<T>& tensor, const Draw& draw) {
  if (tensor.is_contiguous()) {
    for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data()[i] = static_cast<T>(draw());
  } else {
    for (const TensorOf<T>& row : tensor) fill_in_order(row, draw);
  }
}

// The bound of the uniform distribution around 0 that has this standard deviation.
double bound(double std) { return std::sqrt(3.0) * std; }

double kaiming_std(const Shape& shape, const Kaiming& options) {
  const Fans both = fans(shape);
  const std::int64_t fan = options.mode == Fan::kIn ? both.in : both.out;
  return gain(options.a) / std::sqrt(static_cast<double>(fan));
}

double glorot_std(const Shape& shape) {
  const Fans both = fans(shape);
  return std::sqrt(2.0 / static_cast<double>(both.in + both.out));
}

}  // namespace

template <std::floating_point T>
TensorOf<T> normal_(const TensorOf<T>& tensor, double mean, double std, Generator& generator) {
  check_written_once(tensor.layout());
  fill_in_order(tensor, [&] { return mean + std * generator.normal(); });
  return tensor;
}

template <std::floating_point T>
TensorOf<T> uniform_(const TensorOf<T>& tensor, double low, double high, Generator& generator) {
  check_written_once(tensor.layout());
  fill_in_order(tensor, [&] { return low + (high - low) * generator.uniform(); });
  return tensor;
}

Fans fans(const Shape& shape) {
  if (shape.size() < 2) {
    throw ShapeError(
        "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, but got "
        "shape " +
        bracketed(shape));
  }
  const std::int64_t kernel = Shape(shape.begin() + 2, shape.end()).numel();
  return {shape[1] * kernel, shape[0] * kernel};
}

double gain(double a) { return std::sqrt(2 / (1 + a * a)); }

template <std::floating_point T>
TensorOf<T> kaiming_normal_(const TensorOf<T>& weight, Generator& generator,
                            const Kaiming& options) {
  return normal_(weight, 0, kaiming_std(weight.shape(), options), generator);
}

template <std::floating_point T>
TensorOf<T> kaiming_uniform_(const TensorOf<T>& weight, Generator& generator,
                             const Kaiming& options) {
  const double limit = bound(kaiming_std(weight.shape(), options));
  return uniform_(weight, -limit, limit, generator);
}

template <std::floating_point T>
TensorOf<T> glorot_normal_(const TensorOf<T>& weight, Generator& generator) {
  return normal_(weight, 0, glorot_std(weight.shape()), generator);
}

template <std::floating_point T>
TensorOf<T> glorot_uniform_(const TensorOf<T>& weight, Generator& generator) {
  const double limit = bound(glorot_std(weight.shape()));
  return uniform_(weight, -limit, limit, generator);
}

template Tensor normal_(const Tensor&, double, double, Generator&);
template DoubleTensor normal_(const DoubleTensor&, double, double, Generator&);
template Tensor uniform_(const Tensor&, double, double, Generator&);
template DoubleTensor uniform_(const DoubleTensor&, double, double, Generator&);
template Tensor kaiming_normal_(const Tensor&, Generator&, const Kaiming&);
template DoubleTensor kaiming_normal_(const DoubleTensor&, Generator&, const Kaiming&);
template Tensor kaiming_uniform_(const Tensor&, Generator&, const Kaiming&);
template DoubleTensor kaiming_uniform_(const DoubleTensor&, Generator&, const Kaiming&);
template Tensor glorot_normal_(const Tensor&, Generator&);
template DoubleTensor glorot_normal_(const DoubleTensor&, Generator&);
template Tensor glorot_uniform_(const Tensor&, Generator&);
template DoubleTensor glorot_uniform_(const DoubleTensor&, Generator&);

}  // namespace foundations
