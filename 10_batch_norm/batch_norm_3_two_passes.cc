// Loops in place of temporaries. Forward, one pass for the mean, one for the variance, and one that
// writes. Backward, one pass for the two sums, and one that writes. The relu stands outside.
#include "10_batch_norm/batch_norm.h"
#include "10_batch_norm/pass.h"
#include "common/tensor/ops.h"

namespace foundations::ch10 {

BothWays two_passes(const Tensor& x, const Tensor& weight, const Tensor& bias,
                    const Tensor& out_grad) {
  const double n = static_cast<double>(x.size(0));
  const DoubleTensor sums = zeros<double>(4, x.size(1));
  double *sum = sums[0].data(), *squares = sums[1].data();
  double *grads = sums[2].data(), *products = sums[3].data();
  // forward
  const Tensor rows = x.contiguous(), y = empty(x.shape());
  const float* in = rows.data();
  pass(rows, [=](auto at, auto j) { sum[j] += in[at]; });
  const Tensor means = (sums[0] / n).to<float>();
  const float* mean = means.data();
  pass(rows, [=](auto at, auto j) { squares[j] += (in[at] - mean[j]) * (in[at] - mean[j]); });
  const Tensor std = (sums[1] / n + kEps).sqrt().to<float>();
  const Tensor scales = weight / std;
  const float *scale = scales.data(), *shift = bias.data();
  float* to = y.data();
  pass(rows, [=](auto at, auto j) { to[at] = (in[at] - mean[j]) * scale[j] + shift[j]; });
  const Tensor out = y.clamp_min(0);
  // backward
  const Tensor y_grads = ((y > 0).to<float>() * out_grad).contiguous(), x_grads = empty(x.shape());
  const float* g = y_grads.data();
  pass(rows, [=](auto at, auto j) {
    grads[j] += g[at];
    products[j] += g[at] * (in[at] - mean[j]);
  });
  const Tensor weight_grad = sums[3].to<float>() / std, bias_grad = sums[2].to<float>();
  const Tensor offsets = bias_grad / n, slopes = weight_grad / n / std;
  const float *offset = offsets.data(), *slope = slopes.data();
  float* x_grad = x_grads.data();
  pass(rows, [=](auto at, auto j) {
    x_grad[at] = scale[j] * (g[at] - offset[j] - (in[at] - mean[j]) * slope[j]);
  });
  return {out, {x_grads, weight_grad, bias_grad}};
}

}  // namespace foundations::ch10
