// Modules that know their parameters: a small torch.nn. Written by hand, like the refactors before
// it, are the forward and the backward of each layer; what a Module adds is that parameters and
// submodules have names, so that a whole model can be listed, printed and trained.
//
//   Generator generator(42);
//   nn::Model model(784, 50, 1, generator);
//   std::cout << model << "\n";             // Model(\n  (layers): Sequential(\n ...
//   const Tensor loss = model(x, targ);
//   model.backward();
//   for (const Tensor& p : model.parameters()) p -= 0.01 * p.grad();
//
// Unlike PyTorch, a backward pass replaces gradients and does not add to them. So a loop needs no
// zero_grad(), and a parameter must not be in two layers: only the gradient of one would be left.
//
// Source: the notes, "nn.Linear and nn.Module".
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "06_modules/args.h"
#include "06_modules/backward.h"
#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations::ch06::nn {

class Module {
 public:
  Module() = default;
  Module(const Module&) = delete;  // a copy would share its parameters
  Module& operator=(const Module&) = delete;
  virtual ~Module() = default;

  Tensor operator()(const std::same_as<Tensor> auto&... args) {
    out_ = forward({args...});
    args_ = {args...};
    return out_;
  }

  // Puts the gradients of the last call into grad() of its arguments and of the parameters, in new
  // tensors. Throws std::logic_error where there was no call, or out has no gradient yet.
  void backward() {
    check_backward(out_);
    bwd(out_, args_);
  }

  virtual Tensor forward(const Args&) { throw std::logic_error("not implemented"); }
  virtual void bwd(const Tensor&, const Args&) { throw std::logic_error("not implemented"); }

  // What was registered, here and in the submodules below: the own first, in the order of
  // registration. The tensors share memory and gradient with those of the layers. A name is the
  // path to the parameter, "layers.0.weight".
  std::vector<Tensor> parameters() const;
  std::vector<std::pair<std::string, Tensor>> named_parameters() const;

  // Takes the gradients of the parameters away: has_grad() is false until the next backward().
  void zero_grad() const;

  // What a printed module says of itself: name(extra_repr()), the submodules below.
  virtual std::string name() const = 0;
  virtual std::string extra_repr() const { return ""; }

 protected:
  // Return what they get: weight_(register_parameter("weight", empty({out, in}))). Throw
  // std::invalid_argument for a name that is empty, has a dot or is there already, and for nothing.
  Tensor register_parameter(const std::string& name, const Tensor& parameter);
  template <std::derived_from<Module> M>
  std::shared_ptr<M> register_module(const std::string& name, const std::shared_ptr<M>& module) {
    add_module(name, module);
    return module;
  }

 private:
  friend std::string to_string(const Module& module);

  void check_name(const std::string& name, bool defined) const;
  void add_module(const std::string& name, const std::shared_ptr<Module>& module);

  std::vector<std::pair<std::string, Tensor>> parameters_;
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> modules_;
  Args args_;
  Tensor out_;
};

// As PyTorch prints a module, without a line feed at the end.
std::string to_string(const Module& module);
std::ostream& operator<<(std::ostream& out, const Module& module);

// x @ weight.t() + bias.
//   x: [n, in]   weight: [out, in]   bias: [out]   returns [n, out]
// Starts as PyTorch's does, all numbers uniform between -1/sqrt(in) and 1/sqrt(in): that is not
// Kaiming's rule, and 0.41 times as much of the signal gets through relu (04_init).
// Throws ShapeError for any other shape of x.
class Linear : public Module {
 public:
  Linear(std::int64_t in_features, std::int64_t out_features, Generator& generator);

  const Tensor& weight() const { return weight_; }
  const Tensor& bias() const { return bias_; }

  Tensor forward(const Args& args) override;
  void bwd(const Tensor& out, const Args& args) override;
  std::string name() const override { return "Linear"; }
  std::string extra_repr() const override;

 private:
  Tensor weight_, bias_;
};

// max(x, 0), with no shift. Its derivative at 0 is 0.
class ReLU : public Module {
 public:
  Tensor forward(const Args& args) override;
  void bwd(const Tensor& out, const Args& args) override;
  std::string name() const override { return "ReLU"; }
};

// One layer after another, each called with what the one before returned. Their names are "0", "1"
// and so on.
class Sequential : public Module {
 public:
  explicit Sequential(const std::vector<std::shared_ptr<Module>>& layers);

  Tensor forward(const Args& args) override;
  void bwd(const Tensor& out, const Args& args) override;
  std::string name() const override { return "Sequential"; }

 private:
  std::vector<std::shared_ptr<Module>> layers_;
};

// The mean squared error, of shape [].
//   inp: [n, 1]   targ: [n]
// Throws ShapeError unless inp.squeeze(-1) and targ have one shape.
class Mse : public Module {
 public:
  Tensor forward(const Args& args) override;
  void bwd(const Tensor& out, const Args& args) override;
  std::string name() const override { return "Mse"; }
};

// The notes' network: Linear, ReLU, Linear and the mean squared error. model(x, targ) is the loss.
//   x: [n, n_in]   targ: [n] for an n_out of 1, else [n, n_out]   returns []
class Model : public Module {
 public:
  Model(std::int64_t n_in, std::int64_t nh, std::int64_t n_out, Generator& generator);

  Tensor forward(const Args& args) override;
  void bwd(const Tensor& out, const Args& args) override;
  std::string name() const override { return "Model"; }

 private:
  std::shared_ptr<Sequential> layers_;
  Mse loss_;  // has no parameters; the notes' is a function, which PyTorch does not print either
};

}  // namespace foundations::ch06::nn
