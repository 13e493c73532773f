// Module: what every layer did is in a base class, and a layer says only what is its own. The
// formulas are as before. Source: the notes, "Module class structure", In [24] to [28].
#pragma once

#include <memory>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "common/linalg/matmul.h"
#include "common/nn/functional.h"
#include "common/tensor/ops.h"

namespace foundations::ch06::module_class {

// In is what forward() takes: one Tensor for a layer, two for a loss.
template <class... In>
class Module {
 public:
  virtual ~Module() = default;

  Tensor operator()(const In&... inp) {
    out_ = forward(inp...);
    inp_ = {inp...};
    return out_;
  }

  void backward() {
    check_order();
    std::apply([this](const In&... inp) { bwd(out_, inp...); }, inp_);
  }

  virtual Tensor forward(const In&...) { throw std::logic_error("not implemented"); }
  virtual void bwd(const Tensor&, const In&...) { throw std::logic_error("not implemented"); }

 private:
  // The way back needs a forward pass and a gradient to start from. Only a loss needs no gradient.
  void check_order() const {
    if (!out_.defined()) {
      throw std::logic_error("backward() needs a forward pass before it: call the model first");
    }
    if (out_.dim() > 0 && !out_.has_grad()) {
      throw std::logic_error("backward() of a layer needs that of the layer after it first");
    }
  }

  std::tuple<In...> inp_;
  Tensor out_;
};

struct Relu : Module<Tensor> {
  float shift;
  explicit Relu(float by) : shift(by) {}

  Tensor forward(const Tensor& inp) override { return inp.clamp_min(0) - shift; }
  void bwd(const Tensor& out, const Tensor& inp) override {
    inp.grad() = (inp > 0).to<float>() * out.grad();
  }
};

struct Lin : Module<Tensor> {
  Tensor w, b;
  Lin(const Tensor& weight, const Tensor& bias) : w(weight), b(bias) {}

  Tensor forward(const Tensor& inp) override { return matmul(inp, w) + b; }
  void bwd(const Tensor& out, const Tensor& inp) override {
    inp.grad() = matmul(out.grad(), w.t());
    w.grad() = weight_grad(inp, out.grad());
    b.grad() = out.grad().sum(0);
  }

  // Creating a giant outer product, just to sum it, is inefficient!
  virtual Tensor weight_grad(const Tensor& inp, const Tensor& g) const {
    return (inp.unsqueeze(-1) * g.unsqueeze(1)).sum(0);
  }
};

struct Mse : Module<Tensor, Tensor> {
  Tensor forward(const Tensor& inp, const Tensor& targ) override { return mse(inp, targ); }
  void bwd(const Tensor&, const Tensor& inp, const Tensor& targ) override {
    inp.grad() = 2 * (inp.squeeze(-1) - targ).view(inp.shape()) / targ.size(0);
  }
};

// Linear is the class of its linear layers: Lin, or a class that the next refactors derive.
template <class Linear>
struct Model {
  std::vector<std::shared_ptr<Module<Tensor>>> layers;
  Mse loss;

  Model(const Tensor& w1, const Tensor& b1, const Tensor& w2, const Tensor& b2, float shift)
      : layers{std::make_shared<Linear>(w1, b1), std::make_shared<Relu>(shift),
               std::make_shared<Linear>(w2, b2)} {}

  Tensor operator()(Tensor x, const Tensor& targ) {
    for (const auto& layer : layers) x = (*layer)(x);
    return loss(x, targ);
  }

  void backward() {
    loss.backward();
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) (*layer)->backward();
  }
};

}  // namespace foundations::ch06::module_class
