#include "06_modules/descent/fit.h"

#include <algorithm>
#include <stdexcept>

#include "common/base/error.h"
#include "common/nn/functional.h"
#include "common/nn/loss.h"
#include "common/tensor/ops.h"

namespace foundations::ch06 {

FitData fit_data(const Mnist& digits, std::int64_t rows) {
  const Tensor& x_train = digits.x_train;
  if (x_train.numel() == 0) throw DataError(digits.source + ": has no training images");
  const Tensor mean = x_train.mean(), std = x_train.std();
  if (!(std.item() > 0)) {
    throw DataError(digits.source + ": the pixels of the training images are all equal, and a " +
                    "standard deviation of 0 cannot normalise them");
  }
  const std::int64_t n = std::min(rows, x_train.size(0));
  return {normalize(x_train.slice(0, 0, n), mean, std), digits.y_train.slice(0, 0, n).to<float>(),
          normalize(digits.x_valid, mean, std), digits.y_valid.to<float>()};
}

std::vector<double> fit(nn::Module& model, const Tensor& x, const Tensor& targ,
                        const Descent& descent) {
  const std::vector<Tensor> parameters = model.parameters();
  if (parameters.empty()) {
    throw std::invalid_argument("fit() got a model without parameters: were they registered?");
  }
  nn::MSELoss loss;
  std::vector<double> losses;
  for (int step = 0; step < descent.steps; ++step) {
    losses.push_back(loss(model(x), targ).item());
    model.backward(loss.backward());
    descent.watch(step, losses.back());
    for (const Tensor& p : parameters) p -= descent.lr * p.grad();
    model.zero_grad();
  }
  losses.push_back(loss(model(x), targ).item());
  descent.watch(descent.steps, losses.back());
  return losses;
}

void set_parameters(const nn::Module& model, const Parameters& p) {
  const std::vector<Tensor> parameters = model.parameters();
  const std::vector<Tensor> start = {p.w1.t(), p.b1, p.w2.t(), p.b2};
  const auto same_shape = [](const Tensor& a, const Tensor& b) { return a.shape() == b.shape(); };
  if (!std::equal(parameters.begin(), parameters.end(), start.begin(), start.end(), same_shape)) {
    throw ShapeError("set_parameters() got a w1 of " + bracketed(p.w1.shape()) + ", a b1 of " +
                     bracketed(p.b1.shape()) + ", a w2 of " + bracketed(p.w2.shape()) +
                     " and a b2 of " + bracketed(p.b2.shape()) +
                     ", which are not the shapes of the model's");
  }
  for (std::size_t i = 0; i < start.size(); ++i) parameters[i].copy_(start[i]);  // else broadcasts
}

double constant_loss(const Tensor& targ) { return (targ - targ.mean()).pow(2).mean().item(); }

}  // namespace foundations::ch06
