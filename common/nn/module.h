// Module: a layer or a whole network as one object, with a way forward, a way back, and parameters
// that have names. It is torch.nn.Module, except that you hand the gradient back yourself.
//
//   nn::Sequential model{nn::Linear(784, 50, generator), nn::ReLU(), nn::Linear(50, 1, generator)};
//   nn::MSELoss loss;
//   loss(model(x), y);
//   model.backward(loss.backward());                                 // adds to p.grad()
//   for (const Tensor& p : model.parameters()) p -= 0.003 * p.grad();
//   model.zero_grad();
//
// A layer of your own is a class with two functions. It keeps what it needs on the way back:
//
//   class LeakyReLU : public nn::Module {
//     Tensor forward(const Tensor& x) override {
//       inp_ = keep(x);
//       return where(x > 0, x, x * 0.1);
//     }
//     Tensor bwd(const Tensor& out_grad) override {
//       return where(inp_ > 0, out_grad, out_grad * 0.1);
//     }
//     Tensor inp_;
//   };
//
// Register a layer's parameters, and you can list and train them; register the modules it is made
// of, and they are listed, trained and printed too:
//
//   Tensor weight_ = register_parameter("weight", ones(50));      // in bwd: add_grad(weight_, ...)
//   nn::ReLU& relu_ = register_module("relu", nn::ReLU());        // relu_(x), relu_.backward(g)
//
// Look into a network at work with a hook on the layer that you want to see:
//
//   layer.on_forward([](const nn::Module& m, const Tensor& out) { std::cout << out.std() << "\n";
//   });
//
// A module can be moved and not copied: a copy would share the parameters. It owns its submodules.
// Derived in 06_modules.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/tensor.h"

namespace foundations::nn {

class Module;
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

// Returns a shared_ptr to a module that was made in place; returns a shared_ptr as it is.
template <class M>
requires std::derived_from<M, Module> std::shared_ptr<M> share(M&& module) {
  return std::make_shared<M>(std::move(module));
}
template <std::derived_from<Module> M>
std::shared_ptr<M> share(std::shared_ptr<M> module) {
  return module;
}
template <class M>
concept Sharable = requires(M&& module) {
  share(std::forward<M>(module));
};

// Looks on while modules work: is told before and after each call, and each way back, of a module
// and of the modules below it.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void begin(const Module& module, bool backward) = 0;
  virtual void end(const Module& module, bool backward) = 0;
};
// Sets what looks on in this thread, nullptr for nothing. Returns what looked on before.
Watcher* watch(Watcher* watcher);

// What a module calls with itself and its output.
using ForwardHook = std::function<void(const Module& module, const Tensor& out)>;

class Module {
 public:
  Module() = default;
  Module(Module&&) = default;
  Module& operator=(Module&&) = default;
  virtual ~Module() = default;

  // Returns forward(x). In training mode the module keeps what the way back needs until the next
  // call; in eval mode it keeps nothing.
  Tensor operator()(const Tensor& x);

  // Goes back through the last call. Takes the gradient by what the call returned, returns the
  // gradient by x, and adds each parameter's gradient to its grad(). Throws std::logic_error if no
  // call in training mode came before, and ShapeError unless out_grad has the output's shape.
  Tensor backward(const Tensor& out_grad);

  // Sets whether backward() computes the gradient by x (true at first). If not, backward() returns
  // an undefined tensor: nobody reads the gradient of the images that a network begins with.
  virtual void input_grad(bool needed) { input_grad_ = needed; }

  // Calls the hook at the end of every call from now on, in training and in eval mode
  // (is_training() tells), in place of an earlier hook; an empty one ends this. PyTorch's
  // register_forward_hook. What the hook throws, the call throws. A hook that keeps the output
  // keeps its memory.
  void on_forward(const ForwardHook& hook) { hook_ = hook; }

  // Switch this module and all below it. A new module is in training mode.
  void train(bool on = true);
  void eval() { train(false); }
  bool is_training() const { return training_; }

  // List what was registered: a module's own, then its submodules', in order of registration. A
  // tensor with several names is listed once. The tensors are the module's, not copies. A name is a
  // path, "layers.0.weight". Buffers are what a module keeps but gradient descent does not move.
  std::vector<Tensor> parameters() const;
  NamedTensors named_parameters() const;
  NamedTensors named_buffers() const;

  // Lists the registered submodules with their names, without those below them.
  const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& named_children() const {
    return modules_;
  }

  // Clears the gradients of the parameters: has_grad() is false until the next backward().
  void zero_grad() const;

  // A module is printed as name(extra_repr()). The name is the class's.
  virtual std::string name() const;
  virtual std::string extra_repr() const { return ""; }

  // Returns true if `other` is this module or below it.
  bool contains(const Module& other) const;
  // Returns true if the two have a module in common: themselves, or below both.
  bool overlaps(const Module& other) const;

 protected:
  virtual Tensor forward(const Tensor& x) = 0;
  virtual Tensor bwd(const Tensor& out_grad) = 0;

  // Returns the tensor in training mode, and an undefined one in eval mode.
  Tensor keep(const Tensor& tensor) const { return training_ ? tensor : Tensor(); }
  bool input_grad_needed() const { return input_grad_; }

  // Adds to parameter.grad(). Throws ShapeError unless the two have one shape.
  static void add_grad(const Tensor& parameter, const Tensor& grad);

  // Return their argument. Throw std::invalid_argument for an undefined tensor or no module, for a
  // name that is empty, has a dot or is taken, and for a module that contains this one.
  Tensor register_parameter(const std::string& name, const Tensor& parameter);
  Tensor register_buffer(const std::string& name, const Tensor& buffer);
  // Takes a module that was made in place, or a shared_ptr to one.
  template <Sharable M>
  auto& register_module(const std::string& name, M&& module) {
    const auto shared = share(std::forward<M>(module));
    add_module(name, shared);
    return *shared;
  }

 private:
  friend std::string to_string(const Module& module);

  using Own = NamedTensors Module::*;  // parameters_ or buffers_
  void list(Own own, const std::string& path, NamedTensors& all) const;
  NamedTensors listed(Own own) const;
  void check_name(const std::string& name, bool defined) const;
  void add_module(const std::string& name, const std::shared_ptr<Module>& module);

  NamedTensors parameters_, buffers_;
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> modules_;
  ForwardHook hook_;
  bool training_ = true, input_grad_ = true;
  std::optional<Shape> out_shape_;  // of the last call, if there is a way back through it
};

// Returns the module as PyTorch prints it, without a line feed at the end.
std::string to_string(const Module& module);
std::ostream& operator<<(std::ostream& out, const Module& module);

}  // namespace foundations::nn
