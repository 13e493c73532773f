// The forward pass of the notes' network: data, a linear layer, relu, another linear layer, a loss.
// Each function is the shortest form that is right; common/nn has them for later chapters.
//
//   const Mnist digits = get_data();
//   const Tensor mean = digits.x_train.mean(), std = digits.x_train.std();
//   Generator generator(42);
//   const Model model = make_model(784, 50, simplified, generator);
//   mse(model(normalize(digits.x_valid, mean, std)), digits.y_valid.to<float>());
//
// Source: the notes, "Get Data" and "Pytorch Operation".
#pragma once

#include <optional>
#include <string>

#include "04_init/init.h"
#include "common/data/mnist.h"
#include "common/tensor/tensor.h"

namespace foundations::ch04 {

// Loads MNIST from `dir`, else from MNIST_DIR, else the built-in digits: load_digits() of
// common/data/mnist.h by the notes' name. (The notes drop the test set; this keeps it.)
Mnist get_data(const std::optional<std::string>& dir = std::nullopt);

// Returns (x - m) / s, for m and s of shape [].
Tensor normalize(const Tensor& x, const Tensor& m, const Tensor& s);

// Returns x @ w + b.
//   x: [n, in]   w: [in, out]   b: [out]   returns [n, out]
Tensor lin(const Tensor& x, const Tensor& w, const Tensor& b);

// Makes negatives 0, then takes the shift off, 0 or 0.5. NaN stays NaN.
Tensor relu(const Tensor& x, float shift = 0);

// Linear layer, relu, linear layer.
struct Model {
  Tensor w1, b1;    // [m, nh], [nh]
  Tensor w2, b2;    // [nh, 1], [1]
  float shift = 0;  // of its relu

  Tensor operator()(const Tensor& xb) const;  // xb: [n, m]   returns [n, 1]
};

// Draws w1 by a rule of init.h, and w2 standard normal over the root of its fan-in, nh. Both biases
// are 0, and there is no shift. (The notes divide w2 by the root of m, a slip.)
Model make_model(std::int64_t m, std::int64_t nh, DrawWeights draw_w1, Generator& generator);

// Returns the mean squared error, of shape [].
//   output: [n, 1]   targ: [n]
// Throws ShapeError unless output.squeeze(-1) and targ have one shape.
Tensor mse(const Tensor& output, const Tensor& targ);

}  // namespace foundations::ch04
