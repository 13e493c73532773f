#include "06_modules/nn.h"

#include <algorithm>
#include <cmath>

#include "common/base/error.h"
#include "common/linalg/matmul.h"
#include "common/nn/init.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch06::nn {

// ---- Module ----

std::vector<Tensor> Module::parameters() const {
  std::vector<Tensor> all;
  for (const auto& [name, parameter] : named_parameters()) all.push_back(parameter);
  return all;
}

std::vector<std::pair<std::string, Tensor>> Module::named_parameters() const {
  auto all = parameters_;
  for (const auto& [name, module] : modules_) {
    for (const auto& [below, parameter] : module->named_parameters()) {
      all.emplace_back(name + "." + below, parameter);
    }
  }
  return all;
}

void Module::zero_grad() const {
  for (const Tensor& parameter : parameters()) parameter.grad() = Tensor();
}

Tensor Module::register_parameter(const std::string& name, const Tensor& parameter) {
  check_name(name, parameter.defined());
  parameters_.emplace_back(name, parameter);
  return parameter;
}

void Module::add_module(const std::string& name, const std::shared_ptr<Module>& module) {
  check_name(name, module != nullptr);
  modules_.emplace_back(name, module);
}

void Module::check_name(const std::string& name, bool defined) const {
  const auto has_name = [&](const auto& entry) { return entry.first == name; };
  const std::string what = this->name() + " cannot register \"" + name + "\": ";
  if (!defined) throw std::invalid_argument(what + "there is nothing in it");
  if (name.empty()) throw std::invalid_argument(what + "a name is needed");
  if (name.find('.') != std::string::npos) {
    throw std::invalid_argument(what + "a name has no dot, which joins the names of a path");
  }
  if (std::any_of(parameters_.begin(), parameters_.end(), has_name) ||
      std::any_of(modules_.begin(), modules_.end(), has_name)) {
    throw std::invalid_argument(what + "the name is taken");
  }
}

std::string to_string(const Module& module) {
  const std::string extra = module.extra_repr();
  const bool own_line = !extra.empty() && !module.modules_.empty();
  std::string text = module.name() + (own_line ? "(\n  " : "(") + extra;
  for (const auto& [name, child] : module.modules_) {
    text += "\n  (" + name + "): ";
    for (const char c : to_string(*child)) {
      text += c;
      if (c == '\n') text += "  ";
    }
  }
  return text + (module.modules_.empty() ? ")" : "\n)");
}

std::ostream& operator<<(std::ostream& out, const Module& module) {
  return out << to_string(module);
}

// ---- Layers ----

Linear::Linear(std::int64_t in_features, std::int64_t out_features, Generator& generator)
    : weight_(register_parameter("weight", empty({out_features, in_features}))),
      bias_(register_parameter("bias", empty({out_features}))) {
  const double bound = in_features > 0 ? 1 / std::sqrt(static_cast<double>(in_features)) : 0;
  uniform_(weight_, -bound, bound, generator);
  uniform_(bias_, -bound, bound, generator);
}

Tensor Linear::forward(const Args& args) {
  const auto [inp] = unpack<1>(args);
  if (inp.dim() != 2 || inp.size(1) != weight_.size(1)) {
    throw ShapeError(to_string(*this) + " needs an input of [n, " +
                     std::to_string(weight_.size(1)) + "], but got " + bracketed(inp.shape()));
  }
  return lin(inp, weight_.t(), bias_);
}

void Linear::bwd(const Tensor& out, const Args& args) {
  const auto [inp] = unpack<1>(args);
  inp.grad() = matmul(out.grad(), weight_);
  weight_.grad() = matmul(out.grad().t(), inp);
  bias_.grad() = out.grad().sum(0);
}

std::string Linear::extra_repr() const {
  return "in_features=" + std::to_string(weight_.size(1)) +
         ", out_features=" + std::to_string(weight_.size(0)) + ", bias=True";
}

Tensor ReLU::forward(const Args& args) {
  const auto [inp] = unpack<1>(args);
  return inp.clamp_min(0);
}

void ReLU::bwd(const Tensor& out, const Args& args) {
  const auto [inp] = unpack<1>(args);
  inp.grad() = (inp > 0).to<float>() * out.grad();
}

Sequential::Sequential(const std::vector<std::shared_ptr<Module>>& layers) : layers_(layers) {
  for (std::size_t i = 0; i < layers_.size(); ++i) register_module(std::to_string(i), layers_[i]);
}

Tensor Sequential::forward(const Args& args) {
  auto [x] = unpack<1>(args);
  for (const auto& layer : layers_) x = (*layer)(x);
  return x;
}

// The output of the last layer is that of all, and the input of the first is that of all.
void Sequential::bwd(const Tensor&, const Args&) {
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) (*layer)->backward();
}

Tensor Mse::forward(const Args& args) {
  const auto [inp, targ] = unpack<2>(args);
  return mse(inp, targ);
}

void Mse::bwd(const Tensor&, const Args& args) {
  const auto [inp, targ] = unpack<2>(args);
  inp.grad() = 2 * (inp.squeeze(-1) - targ).view(inp.shape()) / targ.numel();
}

Model::Model(std::int64_t n_in, std::int64_t nh, std::int64_t n_out, Generator& generator) {
  const auto lin1 = std::make_shared<Linear>(n_in, nh, generator);
  const auto lin2 = std::make_shared<Linear>(nh, n_out, generator);
  layers_ = register_module("layers", std::shared_ptr<Sequential>(
                                          new Sequential({lin1, std::make_shared<ReLU>(), lin2})));
}

Tensor Model::forward(const Args& args) {
  const auto [x, targ] = unpack<2>(args);
  return loss_((*layers_)(x), targ);
}

void Model::bwd(const Tensor&, const Args&) {
  loss_.backward();
  layers_->backward();
}

}  // namespace foundations::ch06::nn
