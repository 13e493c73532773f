// Layers as classes: a layer remembers what went in and what came out, so that its backward() needs
// no arguments. Source: the notes, "Layers as classes".
#pragma once

#include "06_modules/backward.h"
#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch06::layers_as_classes {

class Relu {
 public:
  explicit Relu(float shift) : shift_(shift) {}

  Tensor operator()(const Tensor& inp) {
    out_ = inp.clamp_min(0) - shift_;
    inp_ = inp;
    return out_;
  }

  void backward() {
    check_backward(out_);
    inp_.grad() = (inp_ > 0).to<float>() * out_.grad();
  }

 private:
  float shift_;
  Tensor inp_, out_;
};

class Lin {
 public:
  Lin(const Tensor& w, const Tensor& b) : w_(w), b_(b) {}

  Tensor operator()(const Tensor& inp) {
    out_ = matmul(inp, w_) + b_;
    inp_ = inp;
    return out_;
  }

  void backward() {
    check_backward(out_);
    inp_.grad() = matmul(out_.grad(), w_.t());
    // Creating a giant outer product, just to sum it, is inefficient!
    w_.grad() = (inp_.unsqueeze(-1) * out_.grad().unsqueeze(1)).sum(0);
    b_.grad() = out_.grad().sum(0);
  }

 private:
  Tensor w_, b_;
  Tensor inp_, out_;
};

class Mse {
 public:
  Tensor operator()(const Tensor& inp, const Tensor& targ) {
    out_ = mse(inp, targ);
    inp_ = inp;
    targ_ = targ;
    return out_;
  }

  void backward() {
    check_backward(out_);
    inp_.grad() = 2 * (inp_.squeeze(-1) - targ_).unsqueeze(-1) / targ_.size(0);
  }

 private:
  Tensor inp_, targ_, out_;
};

class Model {
 public:
  Model(const Tensor& w1, const Tensor& b1, const Tensor& w2, const Tensor& b2, float shift)
      : lin1_(w1, b1), relu_(shift), lin2_(w2, b2) {}

  Tensor operator()(const Tensor& x, const Tensor& targ) {
    return loss_(lin2_(relu_(lin1_(x))), targ);
  }

  void backward() {
    loss_.backward();
    lin2_.backward();
    relu_.backward();
    lin1_.backward();
  }

 private:
  Lin lin1_;
  Relu relu_;
  Lin lin2_;
  Mse loss_;
};

}  // namespace foundations::ch06::layers_as_classes
