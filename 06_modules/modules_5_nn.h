// nn: the gradient is handed back from layer to layer, and parameters have names. The shortest form
// of common/nn/module.h that is right; common/nn checks more, has an eval mode and prints.
// Source: the notes, "nn.Linear and nn.Module", and torch.nn.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/linalg/matmul.h"
#include "common/nn/functional.h"
#include "common/nn/init.h"
#include "common/tensor/ops.h"

namespace foundations::ch06::small_nn {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

struct Module {
  virtual ~Module() = default;

  // Keeps what the way back needs.
  virtual Tensor operator()(const Tensor& x) = 0;
  // Takes the gradient by what the call returned, adds each parameter's gradient to its grad(), and
  // returns the gradient by x.
  virtual Tensor backward(const Tensor& out_grad) = 0;

  NamedTensors parameters;
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> modules;

  NamedTensors named_parameters() const {
    NamedTensors all = parameters;
    for (const auto& [name, module] : modules) {
      for (const auto& [path, p] : module->named_parameters()) {
        all.emplace_back(name + "." + path, p);
      }
    }
    return all;
  }
};

inline void add_grad(const Tensor& p, const Tensor& grad) {
  p.grad() = p.has_grad() ? p.grad() + grad : grad;
}

struct Linear : Module {
  Tensor weight, bias, inp;

  Linear(std::int64_t in, std::int64_t out, Generator& generator) {
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    weight = uniform_(empty(out, in), -bound, bound, generator);
    bias = uniform_(empty(out), -bound, bound, generator);
    parameters = {{"weight", weight}, {"bias", bias}};
  }

  Tensor operator()(const Tensor& x) override {
    inp = x;
    return matmul(x, weight.t()) + bias;
  }

  Tensor backward(const Tensor& out_grad) override {
    add_grad(weight, matmul(out_grad.t(), inp));
    add_grad(bias, out_grad.sum(0));
    return matmul(out_grad, weight);
  }
};

struct ReLU : Module {
  Tensor inp;

  Tensor operator()(const Tensor& x) override {
    inp = x;
    return x.clamp_min(0);
  }

  Tensor backward(const Tensor& out_grad) override { return (inp > 0).to<float>() * out_grad; }
};

struct Sequential : Module {
  explicit Sequential(const std::vector<std::shared_ptr<Module>>& layers) {
    for (const auto& layer : layers) modules.emplace_back(std::to_string(modules.size()), layer);
  }

  Tensor operator()(const Tensor& x) override {
    Tensor out = x;
    for (const auto& [name, layer] : modules) out = (*layer)(out);
    return out;
  }

  Tensor backward(const Tensor& out_grad) override {
    Tensor grad = out_grad;
    for (auto it = modules.rbegin(); it != modules.rend(); ++it) grad = it->second->backward(grad);
    return grad;
  }
};

struct MSELoss {
  Tensor inp, targ;

  Tensor operator()(const Tensor& x, const Tensor& y) {
    inp = x;
    targ = y;
    return mse(inp, targ);
  }

  Tensor backward() const { return 2 * (inp.squeeze(-1) - targ).view(inp.shape()) / targ.size(0); }
};

}  // namespace foundations::ch06::small_nn
