// Rung 4: every number has a rate of its own. m is a mean of the gradients, v a mean of their
// squares, and a step is m divided by the root of v. Both begin at 0, which the divisions by 1 -
// beta^t make up for.
#include <cmath>

#include "09_optim/optim.h"

namespace foundations::ch09 {
namespace {

class Adam : public Optimizer {
 public:
  Adam(const std::vector<Tensor>& parameters, const Settings& s)
      : Optimizer(parameters), s_(s), m_(zeros_for(parameters)), v_(zeros_for(parameters)) {}

  void step() override {
    ++steps_;
    const float unbias1 = 1 - std::pow(s_.beta1, static_cast<float>(steps_));
    const float unbias2 = 1 - std::pow(s_.beta2, static_cast<float>(steps_));
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const Tensor& p = parameters_[i];
      const Tensor g = p.grad() + s_.weight_decay * p;
      m_[i] = s_.beta1 * m_[i] + (1 - s_.beta1) * g;
      v_[i] = s_.beta2 * v_[i] + (1 - s_.beta2) * g * g;
      p -= s_.lr * (m_[i] / unbias1) / ((v_[i] / unbias2).sqrt() + s_.eps);
    }
  }

 private:
  Settings s_;
  std::vector<Tensor> m_, v_;
  int steps_ = 0;
};

}  // namespace

std::unique_ptr<Optimizer> adam(const std::vector<Tensor>& parameters, const Settings& s) {
  return std::make_unique<Adam>(parameters, s);
}

}  // namespace foundations::ch09
