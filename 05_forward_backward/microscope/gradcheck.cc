#include "05_forward_backward/microscope/gradcheck.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/base/error.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch05 {
namespace {

constexpr double kTolerance = 1e-6;

struct Pass {
  double loss;
  BoolTensor active;  // where relu lets something through
};

template <class T>
Pass forward(const TensorOf<T>& x, const TensorOf<T>& y, const NetOf<T>& net) {
  const TensorOf<T> l1 = lin(x, net.w1, net.b1);
  return {mse(lin(relu(l1, net.shift), net.w2, net.b2), y).item(), l1 > 0};
}

// The tensor's gradient must be there.
template <class T>
GradientCheck check(const std::string& name, const TensorOf<T>& tensor, const TensorOf<T>& x,
                    const TensorOf<T>& y, const NetOf<T>& net, const CheckOptions& options) {
  GradientCheck result = {name, tensor.shape(), {}, 0};
  const std::int64_t numel = tensor.numel(), count = std::min(numel, options.sample);
  const TensorOf<T> values = tensor.view(numel), grad = tensor.grad().reshape(numel);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t index = i * numel / count;
    const Difference d = central_difference(x, y, net, values.at(index), options.h);
    result.elements.push_back({index, grad.at(index), d.value});
    if (d.kink) ++result.kinks;
    if (d.kink && !options.keep_kinks) result.elements.pop_back();
  }
  return result;
}

double difference(const Element& e) {
  const double d = std::abs(e.numeric - e.analytic);
  return std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
}

}  // namespace

template <std::floating_point T>
void backward(const TensorOf<T>& x, const TensorOf<T>& y, const NetOf<T>& net,
              const GradientsOf<T>& gradients) {
  const auto& [w1, b1, w2, b2, shift] = net;
  const TensorOf<T> l1 = lin(x, w1, b1), l2 = relu(l1, shift), out = lin(l2, w2, b2);
  gradients.mse(out, y);
  gradients.lin(l2, out, w2, b2);
  gradients.relu(l1, l2);
  gradients.lin(x, l1, w1, b1);
}

template <std::floating_point T>
Difference central_difference(const TensorOf<T>& x, const TensorOf<T>& y, const NetOf<T>& net,
                              T& element, double h) {
  const T before = element;
  element = static_cast<T>(before + h);
  const Pass up = forward(x, y, net);
  element = static_cast<T>(before - h);
  const Pass down = forward(x, y, net);
  element = before;
  return {(up.loss - down.loss) / (2 * h), (up.active != down.active).sum().item() > 0};
}

std::vector<GradientCheck> check_gradients(const DoubleTensor& x, const DoubleTensor& y,
                                           const NetOf<double>& net, const Gradients& gradients,
                                           const CheckOptions& options) {
  backward(x, y, net, gradients);
  return {check("w1", net.w1, x, y, net, options), check("b1", net.b1, x, y, net, options),
          check("w2", net.w2, x, y, net, options), check("b2", net.b2, x, y, net, options),
          check("x", x, x, y, net, options)};
}

Element worst(const GradientCheck& check) {
  if (check.elements.empty()) throw IndexError("worst() needs a check of at least one element");
  return *std::max_element(
      check.elements.begin(), check.elements.end(),
      [](const Element& a, const Element& b) { return difference(a) < difference(b); });
}

double relative_error(const GradientCheck& check) {
  double largest = 0, apart = 0;
  for (const Element& e : check.elements) {
    if (std::isnan(e.numeric - e.analytic)) return std::numeric_limits<double>::quiet_NaN();
    largest = std::max(largest, std::abs(e.analytic));
    apart = std::max(apart, difference(e));
  }
  return apart == 0 ? 0 : apart / largest;
}

bool is_ok(const GradientCheck& check) {
  return !check.elements.empty() && relative_error(check) <= kTolerance;
}

std::array<double, 3> ratio_quartiles(const GradientCheck& check) {
  double largest = 0;
  for (const Element& e : check.elements) largest = std::max(largest, std::abs(e.numeric));
  std::vector<double> ratios;
  for (const Element& e : check.elements) {
    const double ratio = e.analytic / e.numeric;
    if (std::abs(e.numeric) >= largest / 1000 && !std::isnan(ratio)) ratios.push_back(ratio);
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (ratios.empty()) return {nan, nan, nan};
  std::sort(ratios.begin(), ratios.end());
  const std::size_t last = ratios.size() - 1;
  return {ratios[last / 4], ratios[last / 2], ratios[last * 3 / 4]};
}

template <std::floating_point T>
std::vector<Curve> error_against_h(const TensorOf<T>& x, const TensorOf<T>& y, const NetOf<T>& net,
                                   std::int64_t sample) {
  backward(x, y, net);
  std::vector<Curve> curve;
  for (const double h : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
    const CheckOptions options = {.h = h, .sample = sample, .keep_kinks = true};
    const GradientCheck w1 = check("w1", net.w1, x, y, net, options);
    const GradientCheck w2 = check("w2", net.w2, x, y, net, options);
    curve.push_back({h, relative_error(w1), relative_error(w2), w1.kinks});
  }
  return curve;
}

Kink slopes_at_kink(const DoubleTensor& x, const DoubleTensor& y, const NetOf<double>& net,
                    double h) {
  const DoubleTensor row = x.slice(0, 0, 1), targ = y.slice(0, 0, 1);
  const NetOf<double> at = {net.w1, net.b1.clone(), net.w2, net.b2, net.shift};
  double& b = at.b1.at(0);
  b = 0;
  b = -lin(row, at.w1, at.b1).at(0, 0);
  const double zero = b;
  const auto loss = [&](double step) {
    b = zero + step;
    return forward(row, targ, at).loss;
  };
  const double left = loss(-h), middle = loss(0), right = loss(h);
  b = zero;
  backward(row, targ, at);
  return {(middle - left) / h, (right - left) / (2 * h), (right - middle) / h, at.b1.grad().at(0)};
}

template void backward(const Tensor&, const Tensor&, const Net&, const GradientsOf<float>&);
template void backward(const DoubleTensor&, const DoubleTensor&, const NetOf<double>&,
                       const Gradients&);
template Difference central_difference(const Tensor&, const Tensor&, const NetOf<float>&, float&,
                                       double);
template Difference central_difference(const DoubleTensor&, const DoubleTensor&,
                                       const NetOf<double>&, double&, double);
template std::vector<Curve> error_against_h(const Tensor&, const Tensor&, const NetOf<float>&,
                                            std::int64_t);
template std::vector<Curve> error_against_h(const DoubleTensor&, const DoubleTensor&,
                                            const NetOf<double>&, std::int64_t);

}  // namespace foundations::ch05
