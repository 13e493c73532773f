// The layers of torch.nn. A call throws ShapeError for an x of the wrong shape.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/nn/module.h"
#include "common/tensor/random.h"

namespace foundations::nn {

// Returns x @ weight.t() + bias.
//   x: [n, in]   weight: [out, in]   bias: [out]   returns [n, out]
// Starts as PyTorch's does, with numbers uniform between -1/sqrt(in) and 1/sqrt(in). After relu the
// signal is 0.41 times what Kaiming's rule would keep (04_init).
class Linear : public Module {
 public:
  Linear(std::int64_t in_features, std::int64_t out_features, Generator& generator);

  const Tensor& weight() const { return weight_; }
  const Tensor& bias() const { return bias_; }
  std::string extra_repr() const override;

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  Tensor weight_, bias_, inp_;
};

// Returns max(x, 0), with no shift. Its derivative at 0 is 0.
class ReLU : public Module {
 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  Tensor out_;  // not the input: the layer after keeps this tensor anyway
};

struct GeneralReluOptions {
  double leak = 0;                                       // the slope below 0
  double sub = 0;                                        // is taken off, so that the mean is near 0
  double max = std::numeric_limits<double>::infinity();  // nothing is larger
};

// Returns min(relu(x) - sub, max), where negative x are not 0 but leak * x. The course's; 08_conv
// shows what it does to the activations.
class GeneralRelu : public Module {
 public:
  explicit GeneralRelu(const GeneralReluOptions& options = {}) : options_(options) {}
  std::string extra_repr() const override;

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  GeneralReluOptions options_;
  Tensor inp_, out_;
};

// Returns x as [n, all else].
class Flatten : public Module {
 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  Shape shape_;
};

// Calls one layer after another, each with what the layer before returned. Their names are "0", "1"
// and so on. Takes layers made in place, or shared_ptrs to them.
//
//   nn::Sequential model{nn::Linear(784, 50, generator), nn::ReLU(), nn::Linear(50, 1, generator)};
//
// Write braces: between them C++ makes the layers from left to right, and so draws their weights in
// that order. Between parentheses every compiler has an order of its own.
// Throws std::invalid_argument for a module that is in two places: it would keep the second call
// only, and go back through that call twice.
class Sequential : public Module {
 public:
  explicit Sequential(const std::vector<std::shared_ptr<Module>>& layers);
  template <Sharable... Layers>
  explicit Sequential(Layers&&... layers)
      : Sequential(std::vector<std::shared_ptr<Module>>{share(std::forward<Layers>(layers))...}) {}

  // Passes `needed` on to the first layers, up to the first with parameters: the layers before it
  // have nothing to compute on the way back either.
  void input_grad(bool needed) override;

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  std::vector<std::shared_ptr<Module>> layers_;
};

}  // namespace foundations::nn
