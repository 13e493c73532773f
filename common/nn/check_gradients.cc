#include "common/nn/check_gradients.h"

#include <cmath>
#include <functional>
#include <optional>

#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::nn {
namespace {

constexpr double kTolerance = 2e-3;
constexpr double kSteps[] = {1. / 64, 1. / 512};

// What is differentiated: a sum over the outputs, each with a weight of its own, so that none can
// hide another. `rounding` is how far off the floats that are summed may leave it.
struct Value {
  double sum, rounding;
};
using Function = std::function<Value()>;

// Returns the slope of f by `element`, unless that is `grad` up to `allowed` and rounding.
std::optional<double> other_slope(double grad, const Function& f, float& element, double allowed) {
  const float at = element;
  std::optional<double> slope;
  for (const double step : kSteps) {
    const float up = at + static_cast<float>(step), down = at - static_cast<float>(step);
    element = up;
    const Value above = f();
    element = down;
    const Value below = f();
    element = at;
    const double width = static_cast<double>(up) - down;
    slope = (above.sum - below.sum) / width;
    const double rounding = (above.rounding + below.rounding) / width;
    if (std::abs(*slope - grad) <= allowed + rounding) return std::nullopt;
  }
  return slope;
}

// Returns a sentence on the first element of `tensor` whose gradient is wrong, or "".
std::string first_wrong(const std::string& name, const Tensor& tensor, const Tensor& grad,
                        const Function& f, double allowed) {
  if (tensor.dim() == 0) {
    const auto slope = other_slope(grad.item(), f, *tensor.data(), allowed);
    if (!slope) return "";
    return "the gradient by " + name + " is " + std::to_string(grad.item()) +
           ", but differences say " + std::to_string(*slope);
  }
  for (std::int64_t i = 0; i < tensor.size(0); ++i) {
    const std::string wrong =
        first_wrong(name + "[" + std::to_string(i) + "]", tensor[i], grad[i], f, allowed);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

std::string wrong_gradient(const std::string& name, const Tensor& tensor, const Function& f) {
  if (!tensor.has_grad() || tensor.grad().shape() != tensor.shape()) {
    return "there is no gradient by " + name + " of its shape";
  }
  const Tensor& grad = tensor.grad();
  const double largest = grad.numel() > 0 ? grad.abs().max().item() : 0;
  return first_wrong(name, tensor, grad, f, kTolerance * largest);
}

}  // namespace

std::string check_gradients(Module& module, const Tensor& x) {
  const Tensor inp = x.contiguous().clone();  // to be changed
  Generator generator(1);
  module.zero_grad();
  const DoubleTensor weights = randn<double>(module(inp).shape(), generator);
  NamedTensors checked = module.named_parameters();
  const Tensor inp_grad = module.backward(weights.to<float>());
  const auto f = [&]() -> Value {
    const DoubleTensor terms = module(inp).to<double>() * weights;
    return {terms.sum().item(), 1e-7 * terms.abs().sum().item()};
  };
  if (inp_grad.defined()) {
    inp.grad() = inp_grad;
    checked.emplace_back("x", inp);
  }
  std::string wrong;
  for (const auto& [name, tensor] : checked) {
    if (wrong.empty()) wrong = wrong_gradient(name, tensor, f);
  }
  module.zero_grad();
  return wrong;
}

}  // namespace foundations::nn
