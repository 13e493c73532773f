// The forward pass of the notes' network: data, a linear layer, relu, another linear layer, a loss.
// Each is the shortest form that is right; common/nn/nn.h has them for later chapters.
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

// The notes' name for load_digits() of common/data/mnist.h: MNIST from `dir`, else from MNIST_DIR,
// else the built-in digits. (The notes drop the test set, and this keeps it.)
Mnist get_data(const std::optional<std::string>& dir = std::nullopt);

// (x - m) / s, m and s of shape [].
Tensor normalize(const Tensor& x, const Tensor& m, const Tensor& s);

// x: [n, in]   w: [in, out]   b: [out]   returns x @ w + b, [n, out]
Tensor lin(const Tensor& x, const Tensor& w, const Tensor& b);

// Negatives become 0; then the shift is taken off, 0 or 0.5. NaN stays NaN.
Tensor relu(const Tensor& x, float shift = 0);

// Linear layer, relu, linear layer.
struct Model {
  Tensor w1, b1;    // [m, nh], [nh]
  Tensor w2, b2;    // [nh, 1], [1]
  float shift = 0;  // of its relu: one for a model

  Tensor operator()(const Tensor& xb) const;  // xb: [n, m]   returns [n, 1]
};

// What w2, which has nh inputs, is divided by the root of.
enum class W2Scale {
  kFanIn,  // nh
  kNotes,  // m, as the notes have it: a slip
};

// w1 by a rule of init.h, w2 standard normal and scaled, both biases 0.
Model make_model(std::int64_t m, std::int64_t nh, Weights w1_rule, Generator& generator,
                 float shift = 0, W2Scale w2_scale = W2Scale::kFanIn);

// The mean squared error, of shape [].
//   output: [n, 1]   targ: [n]
// Throws ShapeError unless output.squeeze(-1) and targ have one shape.
Tensor mse(const Tensor& output, const Tensor& targ);

}  // namespace foundations::ch04
