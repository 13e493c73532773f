// Optimizers: torch.optim. An optimizer has the parameters of a model, and moves them against their
// gradients.
//
//   optim::Adam opt(model.parameters(), {.lr = 1e-3});
//   loss(model(x), y);
//   model.backward(loss.backward());
//   opt.step();
//   opt.zero_grad();
//
// A step is one pass over memory for each parameter, in place, whatever its strides: no
// temporaries. A parameter without a gradient is skipped: no decay, no momentum, no step counted.
// Derived in 09_optim.
//
// An optimizer of your own is one function:
//
//   class Plain : public optim::Optimizer {
//     using Optimizer::Optimizer;
//     void update(const Slot& slot) const override {
//       slot.parameter -= lr() * slot.parameter.grad();
//     }
//   };
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/nn/state.h"
#include "common/tensor/tensor.h"

namespace foundations::optim {

class Optimizer {
 public:
  // Takes names for the buffers that update() wants for each parameter. Throws
  // std::invalid_argument for no parameters, one that is undefined or given twice, and a bad rate;
  // ShapeError for one whose elements share memory.
  Optimizer(const std::vector<Tensor>& parameters, double lr,
            const std::vector<std::string>& buffer_names = {});
  virtual ~Optimizer() = default;

  // Moves every parameter that has a gradient. Throws ShapeError, before it moves any, for a
  // gradient of another shape than its parameter's.
  void step();
  // Clears the gradients: has_grad() is false until the next backward().
  void zero_grad() const;

  // The learning rate: a schedule sets it between two steps. Throws std::invalid_argument for a
  // rate that is negative, infinite or NaN.
  double lr() const { return lr_; }
  void set_lr(double lr);

  // What the optimizer remembers. Buffers have PyTorch's names: under Adam "0.exp_avg" and
  // "0.exp_avg_sq" for parameter 0. "0.step", int64, counts its steps, under SGD too. A copy. A
  // parameter that no step has moved yet has none.
  StateTensors state() const;
  // Goes on from there. Throws ShapeError for a tensor of the wrong shape, std::invalid_argument
  // for one that is missing, unknown or of the wrong type, and then changes nothing.
  void load_state(const StateTensors& state);

 protected:
  struct Slot {
    Tensor parameter;
    std::int64_t steps;           // this one included
    std::vector<Tensor> buffers;  // of the parameter's shape, at first all 0
  };

  // Moves a parameter that has a gradient.
  virtual void update(const Slot& slot) const = 0;

 private:
  void prepare(Slot& slot) const;

  double lr_;
  std::vector<std::string> buffer_names_;
  std::vector<Slot> slots_;
};

// The constructors below throw std::invalid_argument for an option out of its range, and what the
// constructor above throws.

struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;      // at least 0
  double weight_decay = 0;  // at least 0
  bool nesterov = false;    // needs momentum
};

// Stochastic gradient descent:
//
//   g = grad + weight_decay * p
//   b = momentum * b + g
//   p -= lr * b                        with nesterov lr * (g + momentum * b)
//
// The momentum is not dampened: under a constant gradient a step grows to lr / (1 - momentum) of
// it. Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013,
// with the rate outside b, as in PyTorch.
class SGD : public Optimizer {
 public:
  SGD(const std::vector<Tensor>& parameters, const SGDOptions& options);

 private:
  void update(const Slot& slot) const override;
  SGDOptions options_;
};

struct AdamOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};  // at least 0, below 1
  double eps = 1e-8;                               // at least 0
  double weight_decay = 0;                         // at least 0
};

// In step t of a parameter:
//
//   g = grad + weight_decay * p
//   m = beta1 * m + (1 - beta1) * g
//   v = beta2 * v + (1 - beta2) * g * g
//   p -= lr * m_ / (sqrt(v_) + eps)    m_ = m / (1 - beta1^t), v_ = v / (1 - beta2^t)
//
// Kingma and Ba, arXiv 1412.6980, algorithm 1.
class Adam : public Optimizer {
 public:
  Adam(const std::vector<Tensor>& parameters, const AdamOptions& options);

 protected:
  enum class Decay { kAddedToGradient, kDecoupled };
  Adam(const std::vector<Tensor>& parameters, const AdamOptions& options, Decay decay);

 private:
  void update(const Slot& slot) const override;
  AdamOptions options_;
  Decay decay_;
};

struct AdamWOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 1e-2;
};

// Adam, but that the decay goes past m and v: first p *= 1 - lr * weight_decay, and g = grad.
// Loshchilov and Hutter, arXiv 1711.05101, algorithm 2, with the rate in the decay, as in PyTorch.
class AdamW : public Adam {
 public:
  AdamW(const std::vector<Tensor>& parameters, const AdamWOptions& options);
};

}  // namespace foundations::optim
