// Does it learn? Ten relu layers and an output layer, trained on digits from one start or another.
#pragma once

#include "04_init/init.h"
#include "common/tensor/tensor.h"

namespace foundations::ch04 {

struct Learnt {
  double gradient;  // the norm of the first layer's w.grad(), before the first step
  double loss;      // after the last step; guessing has log(10) = 2.30
  double accuracy;  // after the last step: which part of the digits it names; guessing has 0.1
};

// Trains ten relu layers of 64 neurons and an output layer of 10 for `steps` steps of gradient
// descent, w -= 0.05 * w.grad(), on all rows of x at once. `draw` draws the weights of every
// layer; biases start at 0. Stops early where the loss is NaN, which no step mends.
//   x: [n, m], normalised   y: [n], digits from 0 to 9
// Cost: some six multiply-adds for each weight, row and step.
Learnt learn(DrawWeights draw, const Tensor& x, const LongTensor& y, int steps,
             Generator& generator);

}  // namespace foundations::ch04
