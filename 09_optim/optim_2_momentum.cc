// Rung 2: the step is the gradient no longer, but a sum of all gradients so far, the older the
// less. New is b_.
#include "09_optim/optim.h"

namespace foundations::ch09 {
namespace {

class Momentum : public Optimizer {
 public:
  Momentum(const std::vector<Tensor>& parameters, const Settings& s)
      : Optimizer(parameters), s_(s), b_(zeros_for(parameters)) {}

  void step() override {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const Tensor& p = parameters_[i];
      b_[i] = s_.momentum * b_[i] + p.grad();
      p -= s_.lr * b_[i];
    }
  }

 private:
  Settings s_;
  std::vector<Tensor> b_;
};

}  // namespace

std::unique_ptr<Optimizer> momentum(const std::vector<Tensor>& parameters, const Settings& s) {
  return std::make_unique<Momentum>(parameters, s);
}

}  // namespace foundations::ch09
