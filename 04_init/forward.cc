#include "04_init/forward.h"

#include <cmath>

#include "common/base/error.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations::ch04 {

Mnist get_data(const std::optional<std::string>& dir) { return load_digits(dir); }

Tensor normalize(const Tensor& x, const Tensor& m, const Tensor& s) { return (x - m) / s; }

Tensor lin(const Tensor& x, const Tensor& w, const Tensor& b) { return matmul(x, w) + b; }

Tensor relu(const Tensor& x, float shift) { return x.clamp_min(0) - shift; }

Tensor Model::operator()(const Tensor& xb) const {
  const Tensor l1 = lin(xb, w1, b1);
  const Tensor l2 = relu(l1, shift);
  const Tensor l3 = lin(l2, w2, b2);
  return l3;
}

Model make_model(std::int64_t m, std::int64_t nh, DrawWeights draw_w1, Generator& generator) {
  const Tensor w1 = draw_w1(m, nh, generator), b1 = zeros(nh);
  const Tensor w2 = randn({nh, 1}, generator) / std::sqrt(nh), b2 = zeros(1);
  return {w1, b1, w2, b2};
}

Tensor mse(const Tensor& output, const Tensor& targ) {
  const Tensor predictions = output.squeeze(-1);
  if (predictions.shape() != targ.shape()) {
    throw ShapeError("mse() needs a targ of the shape of output.squeeze(-1), " +
                     bracketed(predictions.shape()) + ", but got " + bracketed(targ.shape()));
  }
  return (predictions - targ).pow(2).mean();
}

}  // namespace foundations::ch04
