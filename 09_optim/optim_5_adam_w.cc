// Rung 5: the decay leaves the gradient, where the root of v would take it away again, and shrinks
// the weights itself.
#include <cmath>

#include "09_optim/optim.h"

namespace foundations::ch09 {
namespace {

class AdamW : public Optimizer {
 public:
  AdamW(const std::vector<Tensor>& parameters, const Settings& s)
      : Optimizer(parameters), s_(s), m_(zeros_for(parameters)), v_(zeros_for(parameters)) {}

  void step() override {
    ++steps_;
    const float unbias1 = 1 - std::pow(s_.beta1, static_cast<float>(steps_));
    const float unbias2 = 1 - std::pow(s_.beta2, static_cast<float>(steps_));
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const Tensor &p = parameters_[i], &g = p.grad();
      p *= 1 - s_.lr * s_.weight_decay;
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

std::unique_ptr<Optimizer> adam_w(const std::vector<Tensor>& parameters, const Settings& s) {
  return std::make_unique<AdamW>(parameters, s);
}

}  // namespace foundations::ch09
