// Optimizer: a step of all parameters against their gradients.
#pragma once

#include <vector>

#include "common/tensor/ops.h"

namespace foundations::ch07 {

class Optimizer {
 public:
  Optimizer(const std::vector<Tensor>& parameters, float lr) : parameters_(parameters), lr_(lr) {}

  void step() {
    for (const Tensor& p : parameters_) p -= lr_ * p.grad();
  }
  void zero_grad() {
    for (const Tensor& p : parameters_) p.grad() = Tensor();
  }

 private:
  std::vector<Tensor> parameters_;
  float lr_;
};

}  // namespace foundations::ch07
