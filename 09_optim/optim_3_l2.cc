// Rung 3: the loss has weight_decay / 2 * p * p more for each number p, so that large weights cost
// something. New is its gradient, weight_decay * p.
#include "09_optim/optim.h"

namespace foundations::ch09 {
namespace {

class L2 : public Optimizer {
 public:
  L2(const std::vector<Tensor>& parameters, const Settings& s)
      : Optimizer(parameters), s_(s), b_(zeros_for(parameters)) {}

  void step() override {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const Tensor& p = parameters_[i];
      const Tensor g = p.grad() + s_.weight_decay * p;
      b_[i] = s_.momentum * b_[i] + g;
      p -= s_.lr * b_[i];
    }
  }

 private:
  Settings s_;
  std::vector<Tensor> b_;
};

}  // namespace

std::unique_ptr<Optimizer> l2(const std::vector<Tensor>& parameters, const Settings& s) {
  return std::make_unique<L2>(parameters, s);
}

}  // namespace foundations::ch09
