#include "04_init/experiment/learn.h"

#include <cmath>
#include <vector>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch04 {
namespace {

constexpr int kLayers = 10, kWidth = 64, kDigits = 10;
constexpr float kRate = 0.05f;

}  // namespace

Learnt learn(DrawWeights draw, const Tensor& x, const LongTensor& y, int steps,
             Generator& generator) {
  const Tensor targ = (y.unsqueeze(1) == arange(kDigits)).to<float>();  // 1 at the digit, else 0
  std::vector<Tensor> w, b;
  for (int layer = 0; layer <= kLayers; ++layer) {
    w.push_back(
        draw(layer == 0 ? x.size(1) : kWidth, layer == kLayers ? kDigits : kWidth, generator));
    b.push_back(zeros(w.back().size(1)));
  }
  Learnt learnt = {};
  for (int step = 0; step <= steps && !std::isnan(learnt.loss); ++step) {
    std::vector<Tensor> inp = {x}, out;  // of each layer
    for (int layer = 0; layer <= kLayers; ++layer) {
      out.push_back(foundations::lin(inp[layer], w[layer], b[layer]));
      if (layer < kLayers) inp.push_back(foundations::relu(out[layer]));
    }
    const Tensor scores = out[kLayers] - out[kLayers].max(1, /*keepdim=*/true);
    const Tensor log_p = scores - scores.exp().sum(1, /*keepdim=*/true).log();
    out[kLayers].grad() = (log_p.exp() - targ) / x.size(0);
    learnt.loss = -(log_p * targ).sum().item() / static_cast<double>(x.size(0));
    learnt.accuracy = (scores.argmax(1) == y).to<float>().mean().item();
    for (int layer = kLayers; layer >= 0; --layer) {
      if (layer < kLayers) relu_grad(out[layer], inp[layer + 1]);
      lin_grad(inp[layer], out[layer], w[layer], b[layer]);
    }
    if (step == 0) learnt.gradient = w[0].grad().pow(2).sum().sqrt().item();
    for (int layer = 0; layer <= kLayers && step < steps; ++layer) {
      w[layer] -= kRate * w[layer].grad();
      b[layer] -= kRate * b[layer].grad();
    }
  }
  return learnt;
}

}  // namespace foundations::ch04
