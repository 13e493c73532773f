// Chapter 09: five optimizers, each a copy of the one before with one idea more.
//
//   const std::unique_ptr<Optimizer> opt = adam(model.parameters(), {.lr = 0.001f});
//   loss(model(x), y);
//   model.backward(loss.backward());
//   opt->step();
//   opt->zero_grad();
//
// Source: the notes' list of nine steps, "optim"; the course's notebook 09_optimizers.
#pragma once

#include <memory>
#include <vector>

#include "common/bench/rung.h"
#include "common/tensor/ops.h"

namespace foundations::ch09 {

// Moves parameters against their gradients. step() needs a gradient for every parameter.
class Optimizer {
 public:
  explicit Optimizer(const std::vector<Tensor>& parameters) : parameters_(parameters) {}
  virtual ~Optimizer() = default;

  virtual void step() = 0;
  void zero_grad() {
    for (const Tensor& p : parameters_) p.grad() = Tensor();
  }

 protected:
  std::vector<Tensor> parameters_;
};

struct Settings {
  float lr = 0.1f;
  float momentum = 0.9f;                            // momentum, l2
  float weight_decay = 0;                           // l2, adam, adam_w
  float beta1 = 0.9f, beta2 = 0.999f, eps = 1e-8f;  // adam, adam_w
};

using Make = std::unique_ptr<Optimizer>(const std::vector<Tensor>& parameters, const Settings& s);

Make sgd, momentum, l2, adam, adam_w;

inline constexpr Rung<Make> kOptimizers[] = {
    {"sgd", sgd}, {"momentum", momentum}, {"l2", l2}, {"adam", adam}, {"adam_w", adam_w},
};

// One zero for each element of each tensor.
inline std::vector<Tensor> zeros_for(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> result;
  for (const Tensor& t : tensors) result.push_back(zeros(t.shape()));
  return result;
}

}  // namespace foundations::ch09
