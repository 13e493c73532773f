#include "06_modules/modules.h"

#include <cmath>

#include "common/nn/functional.h"
#include "common/nn/init.h"
#include "common/tensor/ops.h"

namespace foundations::ch06 {

Parameters make_parameters(std::int64_t m, std::int64_t nh, Generator& generator, float shift) {
  const Tensor w1 = kaiming_normal_(empty(m, nh), generator, {.mode = Fan::kOut});
  const Tensor w2 = randn({nh, 1}, generator) / std::sqrt(nh);
  return {w1, zeros(nh), w2, zeros(1), shift};
}

Gradients gradients(const Parameters& p, const Tensor& x) {
  return {x.grad(), p.w1.grad(), p.b1.grad(), p.w2.grad(), p.b2.grad()};
}

Gradients common_gradients(const Parameters& p, const Tensor& x, const Tensor& targ) {
  const Tensor l1 = lin(x, p.w1, p.b1), l2 = relu(l1, p.shift), out = lin(l2, p.w2, p.b2);
  const auto [l2_grad, w2_grad, b2_grad] = linear_backward(mse_backward(out, targ), l2, p.w2.t());
  const auto [x_grad, w1_grad, b1_grad] = linear_backward(relu_backward(l2_grad, l1), x, p.w1.t());
  return {x_grad, w1_grad.t(), b1_grad, w2_grad.t(), b2_grad};
}

}  // namespace foundations::ch06
