// Batch norm as a layer: what it has to remember, and how training and eval differ.
//
// It is nn::BatchNorm1d in its shortest form: x is [n, c].
#pragma once

#include <cstdint>

#include "10_batch_norm/batch_norm.h"
#include "common/base/error.h"
#include "common/nn/module.h"
#include "common/tensor/ops.h"

namespace foundations::ch10 {

class BatchNorm : public nn::Module {
 public:
  explicit BatchNorm(std::int64_t c)
      : weight_(register_parameter("weight", ones(c))),
        bias_(register_parameter("bias", zeros(c))),
        running_mean_(register_buffer("running_mean", zeros(c))),
        running_var_(register_buffer("running_var", ones(c))) {}

 protected:
  Tensor forward(const Tensor& x) override {
    if (is_training() && x.size(0) == 1) {
      throw ShapeError("Expected more than 1 value per channel when training, got input size " +
                       bracketed(x.shape()));
    }
    if (is_training()) remember(x);
    const Tensor mean = is_training() ? x.mean(0) : running_mean_;
    const Tensor var = is_training() ? (x - mean).pow(2).mean(0) : running_var_;
    const Tensor std = (var + kEps).sqrt(), xhat = (x - mean) / std;
    std_ = keep(std);
    xhat_ = keep(xhat);
    return xhat * weight_ + bias_;
  }

  Tensor bwd(const Tensor& out_grad) override {
    const float n = static_cast<float>(out_grad.size(0));
    const Tensor weight_grad = (out_grad * xhat_).sum(0), bias_grad = out_grad.sum(0);
    add_grad(weight_, weight_grad);
    add_grad(bias_, bias_grad);
    return weight_ / std_ * (out_grad - bias_grad / n - xhat_ * (weight_grad / n));
  }

 private:
  // The new batch counts a tenth. var() divides by n - 1.
  void remember(const Tensor& x) {
    running_mean_ *= 0.9;
    running_mean_ += 0.1 * x.mean(0);
    running_var_ *= 0.9;
    running_var_ += 0.1 * x.var(0);
  }

  Tensor weight_, bias_, running_mean_, running_var_;
  Tensor std_, xhat_;
};

}  // namespace foundations::ch10
