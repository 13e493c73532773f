// The weight's gradient by einsum: the outer product of each row is added up as it comes, and never
// stands in memory. All else is as before. Source: the notes, "Module class structure".
#pragma once

#include <concepts>
#include <memory>
#include <stdexcept>
#include <vector>

#include "06_modules/args.h"
#include "06_modules/backward.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch06::module_einsum {

class Module {
 public:
  virtual ~Module() = default;

  Tensor operator()(const std::same_as<Tensor> auto&... args) {
    out_ = forward({args...});
    args_ = {args...};
    return out_;
  }

  void backward() {
    check_backward(out_);
    bwd(out_, args_);
  }

  virtual Tensor forward(const Args&) { throw std::logic_error("not implemented"); }
  virtual void bwd(const Tensor&, const Args&) { throw std::logic_error("not implemented"); }

 private:
  Args args_;
  Tensor out_;
};

class Relu : public Module {
 public:
  explicit Relu(float shift) : shift_(shift) {}

  Tensor forward(const Args& args) override {
    const auto [inp] = unpack<1>(args);
    return inp.clamp_min(0) - shift_;
  }

  void bwd(const Tensor& out, const Args& args) override {
    const auto [inp] = unpack<1>(args);
    inp.grad() = (inp > 0).to<float>() * out.grad();
  }

 private:
  float shift_;
};

class Lin : public Module {
 public:
  Lin(const Tensor& w, const Tensor& b) : w_(w), b_(b) {}

  Tensor forward(const Args& args) override {
    const auto [inp] = unpack<1>(args);
    return matmul(inp, w_) + b_;
  }

  void bwd(const Tensor& out, const Args& args) override {
    const auto [inp] = unpack<1>(args);
    inp.grad() = matmul(out.grad(), w_.t());
    w_.grad() = einsum("bi,bj->ij", {inp, out.grad()});
    b_.grad() = out.grad().sum(0);
  }

 private:
  Tensor w_, b_;
};

class Mse : public Module {
 public:
  Tensor forward(const Args& args) override {
    const auto [inp, targ] = unpack<2>(args);
    return mse(inp, targ);
  }

  void bwd(const Tensor&, const Args& args) override {
    const auto [inp, targ] = unpack<2>(args);
    inp.grad() = 2 * (inp.squeeze(-1) - targ).unsqueeze(-1) / targ.size(0);
  }
};

class Model {
 public:
  Model(const Tensor& w1, const Tensor& b1, const Tensor& w2, const Tensor& b2, float shift)
      : layers_{std::make_shared<Lin>(w1, b1), std::make_shared<Relu>(shift),
                std::make_shared<Lin>(w2, b2)} {}

  Tensor operator()(Tensor x, const Tensor& targ) {
    for (const auto& layer : layers_) x = (*layer)(x);
    return loss_(x, targ);
  }

  void backward() {
    loss_.backward();
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) (*layer)->backward();
  }

 private:
  std::vector<std::shared_ptr<Module>> layers_;
  Mse loss_;
};

}  // namespace foundations::ch06::module_einsum
