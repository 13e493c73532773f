#include "common/nn/init.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
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

// Returns true for what T can hold: no NaN, no infinity, and nothing that would become one.
template <class T>
bool is_finite(double value) {
  return std::abs(value) <= double{std::numeric_limits<T>::max()};
}

// The shortest text that is this number and no other.
std::string plain(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

[[noreturn]] void refuse(const std::string& needs, double got, double and_got) {
  throw std::invalid_argument(needs + ", but got " + plain(got) + " and " + plain(and_got));
}

// The bound of the uniform distribution around 0 that has this standard deviation.
double bound(double std) { return std::sqrt(3.0) * std; }

// Without fans there are no elements either, and any finite number will do.
double kaiming_std(const Shape& shape, const Kaiming& options) {
  const Fans both = fans(shape);
  const std::int64_t fan = options.mode == Fan::kIn ? both.in : both.out;
  return gain(options.a) / std::sqrt(static_cast<double>(std::max<std::int64_t>(fan, 1)));
}

double glorot_std(const Shape& shape) {
  const Fans both = fans(shape);
  return std::sqrt(2.0 / static_cast<double>(std::max<std::int64_t>(both.in + both.out, 1)));
}

}  // namespace

template <std::floating_point T>
TensorOf<T> normal_(const TensorOf<T>& tensor, double mean, double std, Generator& generator) {
  if (!is_finite<T>(mean) || !is_finite<T>(std) || std < 0) {
    refuse("normal_() needs a finite mean and a finite standard deviation >= 0", mean, std);
  }
  check_written_once(tensor.layout());
  fill_in_order(tensor, [&] { return mean + std * generator.normal(); });
  return tensor;
}

template <std::floating_point T>
TensorOf<T> uniform_(const TensorOf<T>& tensor, double low, double high, Generator& generator) {
  const T end = static_cast<T>(high);
  const bool in_order = low == high || static_cast<T>(low) < end;
  if (!in_order || !is_finite<T>(low) || !is_finite<T>(high) || !is_finite<T>(high - low)) {
    refuse("uniform_() needs finite bounds with low <= high", low, high);
  }
  check_written_once(tensor.layout());
  fill_in_order(tensor, [&] {
    T drawn;
    do {  // rounding may reach high
      drawn = static_cast<T>(low + (high - low) * generator.uniform());
    } while (drawn == end && low < high);
    return drawn;
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
