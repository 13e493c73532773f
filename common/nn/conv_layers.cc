#include "common/nn/conv_layers.h"

#include <fmt/core.h>

#include <cmath>

#include "common/base/error.h"
#include "common/nn/init.h"

namespace foundations::nn {
namespace {

std::string window(std::int64_t kernel, const std::optional<std::int64_t>& stride) {
  return fmt::format("kernel_size={}, stride={}", kernel, stride.value_or(kernel));
}

}  // namespace

// ---- Conv2d ----

Conv2d::Conv2d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel,
               const Conv2dLayerOptions& options, Generator& generator)
    : options_{options.stride, options.padding},
      weight_(register_parameter("weight", empty(out_channels, in_channels, kernel, kernel))) {
  kaiming_uniform_(weight_, generator, {.a = std::sqrt(5.)});
  if (!options.bias) return;
  bias_ = register_parameter("bias", empty(out_channels));
  const std::int64_t fan = in_channels * kernel * kernel;
  const double bound = fan > 0 ? 1 / std::sqrt(static_cast<double>(fan)) : 0;
  uniform_(bias_, -bound, bound, generator);
}

Tensor Conv2d::forward(const Tensor& x) {
  inp_ = keep(x);
  return conv2d(x, weight_, bias_, options_);
}

Tensor Conv2d::bwd(const Tensor& out_grad) {
  const Conv2dGrads<float> grads =
      conv2d_backward(out_grad, inp_, weight_, options_, input_grad_needed(), bias_.defined());
  add_grad(weight_, grads.weight);
  if (bias_.defined()) add_grad(bias_, grads.bias);
  return grads.x;
}

std::string Conv2d::extra_repr() const {
  const auto& [stride, padding] = options_;
  const std::string sizes = fmt::format("{0}, {1}, kernel_size=({2}, {2}), stride=({3}, {3})",
                                        weight_.size(1), weight_.size(0), weight_.size(2), stride);
  return sizes + (padding > 0 ? fmt::format(", padding=({0}, {0})", padding) : "") +
         (bias_.defined() ? "" : ", bias=False");
}

// ---- Pooling ----

Tensor AvgPool2d::forward(const Tensor& x) {
  shape_ = x.shape();
  return avg_pool2d(x, kernel_, options_);
}

Tensor AvgPool2d::bwd(const Tensor& out_grad) {
  return avg_pool2d_backward(out_grad, shape_, kernel_, options_);
}

std::string AvgPool2d::extra_repr() const {
  return window(kernel_, options_.stride) + (options_.ceil_mode ? ", ceil_mode=True" : "");
}

Tensor MaxPool2d::forward(const Tensor& x) {
  inp_ = keep(x);
  return max_pool2d(x, kernel_, options_);
}

Tensor MaxPool2d::bwd(const Tensor& out_grad) {
  return max_pool2d_backward(out_grad, inp_, kernel_, options_);
}

std::string MaxPool2d::extra_repr() const {
  return window(kernel_, options_.stride) + ", padding=" + std::to_string(options_.padding);
}

Tensor AdaptiveAvgPool2d::forward(const Tensor& x) {
  shape_ = x.shape();
  return adaptive_avg_pool2d(x);
}

Tensor AdaptiveAvgPool2d::bwd(const Tensor& out_grad) {
  return adaptive_avg_pool2d_backward(out_grad, shape_);
}

// ---- Unflatten ----

Tensor Unflatten::forward(const Tensor& x) {
  if (x.dim() == 0 || x.numel() != x.size(0) * row_.numel()) {
    throw ShapeError(to_string(*this) + " needs rows of " + std::to_string(row_.numel()) +
                     " numbers, but got " + bracketed(x.shape()));
  }
  shape_ = x.shape();
  Shape shape = row_;
  shape.insert(0, x.size(0));
  return x.reshape(shape);
}

Tensor Unflatten::bwd(const Tensor& out_grad) { return out_grad.reshape(shape_); }

std::string Unflatten::extra_repr() const { return "dim=1, unflattened_size=" + bracketed(row_); }

}  // namespace foundations::nn
