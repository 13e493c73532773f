// Rung 1: down the slope. Nothing is remembered from step to step.
#include "09_optim/optim.h"

namespace foundations::ch09 {
namespace {

class SGD : public Optimizer {
 public:
  SGD(const std::vector<Tensor>& parameters, const Settings& s) : Optimizer(parameters), s_(s) {}

  void step() override {
    for (const Tensor& p : parameters_) p -= s_.lr * p.grad();
  }

 private:
  Settings s_;
};

}  // namespace

std::unique_ptr<Optimizer> sgd(const std::vector<Tensor>& parameters, const Settings& s) {
  return std::make_unique<SGD>(parameters, s);
}

}  // namespace foundations::ch09
