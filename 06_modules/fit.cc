#include "06_modules/fit.h"

#include <stdexcept>

#include "common/ops.h"

namespace foundations::ch06 {

std::vector<double> fit(nn::Module& model, const Tensor& x, const Tensor& targ,
                        const Descent& descent) {
  const std::vector<Tensor> parameters = model.parameters();
  if (parameters.empty()) {
    throw std::invalid_argument("fit() got a model without parameters: were they registered?");
  }
  std::vector<double> losses;
  for (int step = 0; step < descent.steps; ++step) {
    losses.push_back(model(x, targ).item());
    model.backward();
    descent.watch(step, losses.back());  // after backward, which goes through the last call
    for (const Tensor& p : parameters) p -= p.grad() * descent.lr;
  }
  losses.push_back(model(x, targ).item());
  descent.watch(descent.steps, losses.back());
  return losses;
}

void set_parameters(const nn::Model& model, const Parameters& p) {
  const std::vector<Tensor> parameters = model.parameters();
  const Tensor start[] = {p.w1.t(), p.b1, p.w2.t(), p.b2};
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].copy_(start[i]);
}

double constant_loss(const Tensor& targ) { return (targ - targ.mean()).pow(2).mean().item(); }

}  // namespace foundations::ch06
