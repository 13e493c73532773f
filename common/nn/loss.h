// The losses of torch.nn: how wrong an output is, and where the way back starts.
//
//   nn::CrossEntropyLoss loss;
//   std::cout << loss(model(x), y);      // the mean over the rows, of shape []
//   model.backward(loss.backward());     // the gradient of the last call, by the model's output
#pragma once

#include <stdexcept>

#include "common/nn/functional.h"
#include "common/tensor/tensor.h"

namespace foundations::nn {

// Target is Tensor for numbers, LongTensor for classes. A loss of your own is two functions, as a
// layer is.
template <class Target>
class Loss {
 public:
  virtual ~Loss() = default;

  Tensor operator()(const Tensor& inp, const Target& targ) {
    const Tensor value = forward(inp, targ);
    inp_ = inp;
    targ_ = targ;
    return value;
  }

  // Returns the gradient by the inp of the last call. Throws std::logic_error before any call.
  Tensor backward() {
    if (!inp_.defined()) throw std::logic_error("a loss cannot go back: call it first");
    return bwd(inp_, targ_);
  }

 protected:
  virtual Tensor forward(const Tensor& inp, const Target& targ) = 0;
  virtual Tensor bwd(const Tensor& inp, const Target& targ) = 0;

 private:
  Tensor inp_;
  Target targ_;
};

// inp: [n, 1] or [n]   targ: [n]   Throws what mse() throws.
class MSELoss : public Loss<Tensor> {
  Tensor forward(const Tensor& inp, const Tensor& targ) override { return mse(inp, targ); }
  Tensor bwd(const Tensor& inp, const Tensor& targ) override { return mse_backward(inp, targ); }
};

// inp: [n, classes]   targ: [n], classes   Throws what cross_entropy() throws.
class CrossEntropyLoss : public Loss<LongTensor> {
  Tensor forward(const Tensor& inp, const LongTensor& targ) override {
    const auto [loss, grad] = cross_entropy_with_grad(inp, targ);
    grad_ = grad;
    return loss;
  }
  Tensor bwd(const Tensor&, const LongTensor&) override { return grad_; }

  Tensor grad_;
};

}  // namespace foundations::nn
