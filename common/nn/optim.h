// Optimizers: torch.optim. An optimizer has the parameters of a model, and moves them against their
// gradients.
//
//   optim::SGD opt(model.parameters(), {.lr = 0.1});
//   loss(model(x), y);
//   model.backward(loss.backward());
//   opt.step();
//   opt.zero_grad();
//
// A step is one pass over memory for each parameter, in place, whatever its strides: no
// temporaries. It passes over a parameter without a gradient as if it were not there. An optimizer
// of your own is one function, update(). Derived in 09_optim.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/tensor/tensor.h"

namespace foundations::optim {

class Optimizer {
 public:
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

 protected:
  struct Slot {
    Tensor parameter;
    std::int64_t steps;           // this one included
    std::vector<Tensor> buffers;  // of the parameter's shape, zeros at first
  };

  // Takes names for the tensors that update() wants to keep for each parameter. Throws
  // std::invalid_argument for no parameters, one that is undefined or listed twice, or a bad rate;
  // ShapeError for one whose elements share memory.
  Optimizer(const std::vector<Tensor>& parameters, double lr,
            const std::vector<std::string>& buffer_names);

  // Moves one parameter against its gradient, which it has.
  virtual void update(const Slot& slot) const = 0;

 private:
  // Checks the gradient, and makes the buffers if there are none yet.
  void prepare(Slot& slot) const;

  double lr_;
  std::vector<std::string> buffer_names_;
  std::vector<Slot> slots_;
};

struct SGDOptions {
  double lr = 1e-3;
};

// Stochastic gradient descent: p -= lr * grad.
class SGD : public Optimizer {
 public:
  SGD(const std::vector<Tensor>& parameters, const SGDOptions& options);

 private:
  void update(const Slot& slot) const override;
};

}  // namespace foundations::optim
