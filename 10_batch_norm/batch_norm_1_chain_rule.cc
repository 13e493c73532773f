// Every step of the formula is a tensor, and so is the gradient by every step. The mean is reached
// by var too, but that path carries nothing: the sum of x - mean is 0.
#include "10_batch_norm/batch_norm.h"
#include "common/tensor/ops.h"

namespace foundations::ch10 {

BothWays chain_rule(const Tensor& x, const Tensor& weight, const Tensor& bias,
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
  const Tensor xhat_grad = y_grad * weight;
  const Tensor var_grad = (xhat_grad * centred).sum(0) / std.pow(3) * -0.5;
  const Tensor mean_grad = -(xhat_grad / std).sum(0);
  const Tensor x_grad = xhat_grad / std + var_grad * 2 / n * centred + mean_grad / n;
  return {out, {x_grad, weight_grad, bias_grad}};
}

}  // namespace foundations::ch10
