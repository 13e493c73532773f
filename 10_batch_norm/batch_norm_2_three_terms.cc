// Multiply the three paths out, and two of them are means that the gradients by weight and bias
// have added up already.
#include "10_batch_norm/batch_norm.h"
#include "common/tensor/ops.h"

namespace foundations::ch10 {

BothWays three_terms(const Tensor& x, const Tensor& weight, const Tensor& bias,
                     const Tensor& out_grad) {
  const float n = static_cast<float>(x.size(0));
  // forward
  const Tensor centred = x - x.mean(0);
  const Tensor var = (centred * centred).mean(0);
  const Tensor std = (var + kEps).sqrt();
  const Tensor xhat = centred / std;
  const Tensor y = xhat * weight + bias;
  const Tensor out = y.clamp_min(0);
  // backward
  const Tensor y_grad = (y > 0).to<float>() * out_grad;
  const Tensor weight_grad = (y_grad * xhat).sum(0);
  const Tensor bias_grad = y_grad.sum(0);
  const Tensor x_grad = weight / std * (y_grad - bias_grad / n - xhat * (weight_grad / n));
  return {out, {x_grad, weight_grad, bias_grad}};
}

}  // namespace foundations::ch10
