// The relu moves into the passes that are there anyway. Its input is not written any more: where
// the way back has to know whether it was above 0, it computes it again from x.
#include <algorithm>

#include "10_batch_norm/batch_norm.h"
#include "10_batch_norm/pass.h"
#include "common/tensor/ops.h"

namespace foundations::ch10 {

BothWays fused(const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& out_grad) {
  const double n = static_cast<double>(x.size(0));
  const DoubleTensor sums = zeros<double>(4, x.size(1));
  double *sum = sums[0].data(), *squares = sums[1].data();
  double *grads = sums[2].data(), *products = sums[3].data();
  // forward
  const Tensor rows = x.contiguous(), out = empty(x.shape());
  const float* in = rows.data();
  pass(rows, [=](auto at, auto j) { sum[j] += in[at]; });
  const Tensor means = (sums[0] / n).to<float>();
  const float* mean = means.data();
  pass(rows, [=](auto at, auto j) { squares[j] += (in[at] - mean[j]) * (in[at] - mean[j]); });
  const Tensor std = (sums[1] / n + kEps).sqrt().to<float>();
  const Tensor scales = weight / std;
  const float *scale = scales.data(), *shift = bias.data();
  const auto y = [=](auto at, auto j) { return (in[at] - mean[j]) * scale[j] + shift[j]; };
  float* to = out.data();
  pass(rows, [=](auto at, auto j) { to[at] = std::max(y(at, j), 0.0f); });
  // backward
  const Tensor out_grads = out_grad.contiguous(), x_grads = empty(x.shape());
  const float* og = out_grads.data();
  const auto g = [=](auto at, auto j) { return static_cast<float>(y(at, j) > 0) * og[at]; };
  pass(rows, [=](auto at, auto j) {
    grads[j] += g(at, j);
    products[j] += g(at, j) * (in[at] - mean[j]);
  });
  const Tensor weight_grad = sums[3].to<float>() / std, bias_grad = sums[2].to<float>();
  const Tensor offsets = bias_grad / n, slopes = weight_grad / n / std;
  const float *offset = offsets.data(), *slope = slopes.data();
  float* x_grad = x_grads.data();
  pass(rows, [=](auto at, auto j) {
    x_grad[at] = scale[j] * (g(at, j) - offset[j] - (in[at] - mean[j]) * slope[j]);
  });
  return {out, {x_grads, weight_grad, bias_grad}};
}

}  // namespace foundations::ch10
