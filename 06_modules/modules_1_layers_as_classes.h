// Layers as classes: a layer remembers what went in and what came out, so that its backward() needs
// no arguments. Source: the notes, "Layers as classes", In [20] to [23].
#pragma once

#include "common/linalg/matmul.h"
#include "common/nn/functional.h"
#include "common/tensor/ops.h"

namespace foundations::ch06::layers_as_classes {

struct Relu {
  float shift;
  Tensor inp = {}, out = {};

  Tensor operator()(const Tensor& x) {
    inp = x;
    out = inp.clamp_min(0) - shift;
    return out;
  }

  void backward() { inp.grad() = (inp > 0).to<float>() * out.grad(); }
};

struct Lin {
  Tensor w, b;
  Tensor inp = {}, out = {};

  Tensor operator()(const Tensor& x) {
    inp = x;
    out = matmul(inp, w) + b;
    return out;
  }

  void backward() {
    inp.grad() = matmul(out.grad(), w.t());
    // Creating a giant outer product, just to sum it, is inefficient!
    w.grad() = (inp.unsqueeze(-1) * out.grad().unsqueeze(1)).sum(0);
    b.grad() = out.grad().sum(0);
  }
};

struct Mse {
  Tensor inp, targ;

  Tensor operator()(const Tensor& x, const Tensor& y) {
    inp = x;
    targ = y;
    return mse(inp, targ);
  }

  void backward() { inp.grad() = 2 * (inp.squeeze(-1) - targ).view(inp.shape()) / targ.size(0); }
};

struct Model {
  Lin lin1;
  Relu relu;
  Lin lin2;
  Mse loss = {};

  Model(const Tensor& w1, const Tensor& b1, const Tensor& w2, const Tensor& b2, float shift)
      : lin1{w1, b1}, relu{shift}, lin2{w2, b2} {}

  Tensor operator()(const Tensor& x, const Tensor& targ) { return loss(lin2(relu(lin1(x))), targ); }

  void backward() {
    loss.backward();
    lin2.backward();
    relu.backward();
    lin1.backward();
  }
};

}  // namespace foundations::ch06::layers_as_classes
