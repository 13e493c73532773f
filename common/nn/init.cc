#include "common/nn/init.h"

#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>

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

// Returns `value`, or 0 where a fan of 0 has made it infinite: then there is nothing to fill.
double of_fan(std::int64_t fan, double value) { return fan > 0 ? value : 0; }

double kaiming_std(const Shape& shape, const Kaiming& options) {
  const Fans both = fans(shape);
  const std::int64_t fan = options.mode == Fan::kIn ? both.in : both.out;
  return of_fan(fan, gain(options.a) / std::sqrt(static_cast<double>(fan)));
}

double glorot_std(const Shape& shape) {
  const std::int64_t fan = fans(shape).in + fans(shape).out;
  return of_fan(fan, std::sqrt(2.0 / static_cast<double>(fan)));
}

std::string text(double number) {
  std::ostringstream out;
  out << number;
  return out.str();
}

// Returns a T from low to below high, which a double just below may round to.
template <class T>
T below(double high, double value) {
  T result = static_cast<T>(value);
  while (result >= high) result = std::nextafter(result, -std::numeric_limits<T>::infinity());
  return result;
}

}  // namespace

template <std::floating_point T>
TensorOf<T> normal_(const TensorOf<T>& tensor, double mean, double std, Generator& generator) {
  if (!std::isfinite(mean) || !(std >= 0 && std::isfinite(std))) {
    throw std::invalid_argument("normal_ expects a finite mean and std >= 0.0, but found mean " +
                                text(mean) + " and std " + text(std));
  }
  check_written_once(tensor.layout());
  fill_in_order(tensor, [&] { return mean + std * generator.normal(); });
  return tensor;
}

template <std::floating_point T>
TensorOf<T> uniform_(const TensorOf<T>& tensor, double low, double high, Generator& generator) {
  if (!(low <= high && std::isfinite(low) && std::isfinite(high - low))) {
    throw std::invalid_argument("uniform_ expects finite bounds, low <= high, but found low " +
                                text(low) + " and high " + text(high));
  }
  check_written_once(tensor.layout());
  fill_in_order(tensor, [&] {
    const double value = low + (high - low) * generator.uniform();
    return low < high ? below<T>(high, value) : static_cast<T>(low);
  });
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
