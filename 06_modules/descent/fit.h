// Plain gradient descent on all rows at once, and its losses as bars and as a picture.
//
//   nn::Sequential model{nn::Linear(784, 50, generator), nn::ReLU(), nn::Linear(50, 1, generator)};
//   const std::vector<double> losses = fit(model, x, targ, {.steps = 20, .lr = 0.003});
//   std::cout << loss_bars(losses);
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "06_modules/modules.h"
#include "common/data/mnist.h"
#include "common/nn/module.h"
#include "common/tensor/tensor.h"

namespace foundations::ch06 {

// What to learn from, and what to look at: normalised images and their digits.
struct FitData {
  Tensor x, targ;              // [n, pixels], [n]: the first training images
  Tensor x_valid, targ_valid;  // all validation images
};

// Takes the first `rows` training images, or all if there are fewer. The mean and the std are those
// of all training images. Throws DataError where there are none, or all their pixels are equal.
FitData fit_data(const Mnist& digits, std::int64_t rows = 5000);

struct Descent {
  int steps = 20;
  double lr = 0.003;  // the learning rate: how much of the gradient is a step
  // Called after each step, and before the first with 0, with the loss there. May call the model.
  std::function<void(int step, double loss)> watch = [](int, double) {};
};

// Moves the model's parameters against their gradients, p -= lr * p.grad(), `steps` times. Returns
// steps + 1 losses: that of the start, and those after each step.
//   x: [n, m]   targ: [n]
// Throws std::invalid_argument for a model without parameters, which would learn nothing.
// Cost: a forward and a backward pass a step, and a forward pass at the end.
std::vector<double> fit(nn::Module& model, const Tensor& x, const Tensor& targ,
                        const Descent& descent = {});

// Copies p, the start of chapter 04, over PyTorch's in a model of Linear(m, nh), ReLU and
// Linear(nh, 1). Throws ShapeError where the parameters do not fit. (p's weights are [in, out], the
// model's [out, in].)
void set_parameters(const nn::Module& model, const Parameters& p);

// Returns the smallest mean squared error of a model that says the same for every row: that of
// their mean, which is their variance.
double constant_loss(const Tensor& targ);

// Returns a line for each of the losses or, if there are more than 21, for some with equal steps
// between them, and for the last: the step, the loss, and a bar that is as long.
std::string loss_bars(const std::vector<double>& losses);

// Returns the same as a script for common/bench/gnuplot.h, with a line at the loss of a constant.
std::string loss_chart(const std::vector<double>& losses, double constant);

// Returns the loss in five digits, and a NaN without the sign that some processors give it.
std::string loss_text(double loss);

}  // namespace foundations::ch06
