#include "05_forward_backward/forward_backward.h"

#include <cmath>

#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch05 {

void mse_grad(const Tensor& inp, const Tensor& targ) {
  // grad of loss with respect to output of previous layer
  inp.grad() = 2. * (inp.squeeze(-1) - targ).unsqueeze(-1) / inp.size(0);
}

void relu_grad(const Tensor& inp, const Tensor& out) {
  // grad of relu with respect to input activations
  inp.grad() = (inp > 0).to<float>() * out.grad();
}

void lin_grad(const Tensor& inp, const Tensor& out, const Tensor& w, const Tensor& b,
              WeightGrad weight_grad) {
  // grad of matmul with respect to input
  inp.grad() = matmul(out.grad(), w.t());
  w.grad() = weight_grad(inp, out.grad());
  b.grad() = out.grad().sum(0);
}

NetOf<double> in_double(const Net& net) {
  return {net.w1.to<double>(), net.b1.to<double>(), net.w2.to<double>(), net.b2.to<double>(),
          net.shift};
}

Net make_net(std::int64_t m, std::int64_t nh, Generator& generator) {
  const Tensor w1 = randn({m, nh}, generator) * std::sqrt(2. / m), b1 = zeros(nh);
  const Tensor w2 = randn({nh, 1}, generator) / std::sqrt(nh), b2 = zeros(1);
  return {w1, b1, w2, b2};
}

Tensor forward_and_backward(const Tensor& inp, const Tensor& targ, const Net& net,
                            WeightGrad weight_grad) {
  const auto& [w1, b1, w2, b2, shift] = net;
  // forward pass:
  const Tensor l1 = lin(inp, w1, b1);
  const Tensor l2 = relu(l1, shift);
  const Tensor out = lin(l2, w2, b2);
  // we don't actually need the loss in backward!
  const Tensor loss = mse(out, targ);

  // backward pass:
  mse_grad(out, targ);
  lin_grad(l2, out, w2, b2, weight_grad);
  relu_grad(l1, l2);
  lin_grad(inp, l1, w1, b1, weight_grad);
  return loss;
}

}  // namespace foundations::ch05
