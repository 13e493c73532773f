#include "common/nn/layers.h"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "common/base/error.h"
#include "common/nn/functional.h"
#include "common/nn/init.h"
#include "common/tensor/ops.h"

namespace foundations::nn {

Linear::Linear(std::int64_t in_features, std::int64_t out_features, Generator& generator)
    : weight_(register_parameter("weight", empty(out_features, in_features))),
      bias_(register_parameter("bias", empty(out_features))) {
  const double bound = in_features > 0 ? 1 / std::sqrt(static_cast<double>(in_features)) : 0;
  uniform_(weight_, -bound, bound, generator);
  uniform_(bias_, -bound, bound, generator);
}

Tensor Linear::forward(const Tensor& x) {
  if (x.dim() != 2 || x.size(1) != weight_.size(1)) {
    throw ShapeError(to_string(*this) + " needs an input of [n, " +
                     std::to_string(weight_.size(1)) + "], but got " + bracketed(x.shape()));
  }
  inp_ = keep(x);
  return lin(x, weight_.t(), bias_);
}

Tensor Linear::bwd(const Tensor& out_grad) {
  const auto [grad, weight_grad, bias_grad] =
      linear_backward(out_grad, inp_, weight_, input_grad_needed());
  add_grad(weight_, weight_grad);
  add_grad(bias_, bias_grad);
  return grad;
}

std::string Linear::extra_repr() const {
  return "in_features=" + std::to_string(weight_.size(1)) +
         ", out_features=" + std::to_string(weight_.size(0)) + ", bias=True";
}

Tensor ReLU::forward(const Tensor& x) {
  const Tensor out = relu(x);
  out_ = keep(out);
  return out;
}

Tensor ReLU::bwd(const Tensor& out_grad) { return relu_backward(out_grad, out_); }

Tensor GeneralRelu::forward(const Tensor& x) {
  const auto& [leak, sub, max] = options_;
  Tensor result = leak == 0 ? x.clamp_min(0) : where(x <= 0, x * leak, x);
  if (sub != 0) result -= sub;
  if (std::isfinite(max)) result = result.clamp_max(max);
  inp_ = keep(x);
  out_ = keep(result);
  return result;
}

Tensor GeneralRelu::bwd(const Tensor& out_grad) {
  const auto& [leak, sub, max] = options_;
  const Tensor grad =
      leak == 0 ? relu_backward(out_grad, inp_) : where(inp_ <= 0, out_grad * leak, out_grad);
  return std::isfinite(max) ? where(out_ >= max, 0, grad) : grad;
}

std::string GeneralRelu::extra_repr() const {
  return fmt::format("leak={}, sub={}, max={}", options_.leak, options_.sub, options_.max);
}

Tensor Flatten::forward(const Tensor& x) {
  shape_ = x.shape();
  return x.reshape({x.size(0), Shape(shape_.begin() + 1, shape_.end()).numel()});
}

Tensor Flatten::bwd(const Tensor& out_grad) { return out_grad.reshape(shape_); }

Sequential::Sequential(const std::vector<std::shared_ptr<Module>>& layers) : layers_(layers) {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    register_module(std::to_string(i), layers_[i]);
    for (std::size_t j = 0; j < i; ++j) {
      if (layers_[i]->overlaps(*layers_[j])) {
        throw std::invalid_argument("Sequential got the same module in places " +
                                    std::to_string(j) + " and " + std::to_string(i) +
                                    ": a module keeps only its last call, so make two");
      }
    }
  }
}

void Sequential::input_grad(bool needed) {
  Module::input_grad(needed);
  for (const auto& layer : layers_) {
    layer->input_grad(needed);
    if (!layer->named_parameters().empty()) break;
  }
}

Tensor Sequential::forward(const Tensor& x) {
  Tensor out = x;
  for (const auto& layer : layers_) out = (*layer)(out);
  return out;
}

Tensor Sequential::bwd(const Tensor& out_grad) {
  Tensor grad = out_grad;
  for (auto layer = layers_.rbegin(); layer != layers_.rend() && grad.defined(); ++layer) {
    grad = (*layer)->backward(grad);
  }
  return grad;
}

}  // namespace foundations::nn
