#include "common/nn/batch_norm_layers.h"

#include <fmt/format.h>

#include <utility>

#include "common/base/error.h"

namespace foundations::nn {

BatchNorm::BatchNorm(std::int64_t channels, const BatchNormOptions& options, std::int64_t rank)
    : options_(options), rank_(rank) {
  state_.weight = register_parameter("weight", ones(channels));
  state_.bias = register_parameter("bias", zeros(channels));
  state_.running_mean = register_buffer("running_mean", zeros(channels));
  state_.running_var = register_buffer("running_var", ones(channels));
}

Tensor BatchNorm::operator()(const Tensor& x, const Tensor& skip) {
  skip_ = skip;
  return Module::operator()(x);
}

Tensor BatchNorm::take_skip_grad() { return std::exchange(skip_grad_, Tensor()); }

Tensor BatchNorm::forward(const Tensor& x) {
  const Tensor skip = std::exchange(skip_, Tensor());
  if (x.dim() != rank_ || x.size(1) != weight().numel()) {
    throw ShapeError(to_string(*this) + " needs an input of [n, " +
                     std::to_string(weight().numel()) + (rank_ == 4 ? ", h, w" : "") +
                     "], but got " + bracketed(x.shape()));
  }
  has_skip_ = skip.defined();
  inp_ = keep(x);
  normed_ = {};
  if (!is_training()) return batch_norm_eval(x, state_, options_, skip);
  normed_ = batch_norm_train(x, state_, options_, skip);
  return normed_.out;
}

Tensor BatchNorm::bwd(const Tensor& out_grad) {
  const BatchNormGrads<float> grads = batch_norm_backward(out_grad, inp_, state_, normed_, options_,
                                                          input_grad_needed(), has_skip_);
  add_grad(state_.weight, grads.weight);
  add_grad(state_.bias, grads.bias);
  skip_grad_ = grads.skip;
  return grads.x;
}

std::string BatchNorm::extra_repr() const {
  return fmt::format("{}, eps={:g}, momentum={:g}, affine=True, track_running_stats=True{}",
                     weight().numel(), options_.eps, options_.momentum,
                     options_.relu ? ", relu=True" : "");
}

}  // namespace foundations::nn
