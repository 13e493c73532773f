// Chapter 07: a loop that trains a network, written in six ways, each a refactor of the one before.
// From the same start they give the same losses, bit by bit.
//
//   nn::Sequential model = nn::mlp({784, 50, 10}, generator);
//   const std::vector<float> losses = by_hand(model, x, y, {.epochs = 1, .batch = 64, .lr = 0.1f});
//
// Source: the course's notebook 03_minibatch_training.
#pragma once

#include <cstdint>
#include <vector>

#include "common/bench/rung.h"
#include "common/nn/nn.h"
#include "common/tensor/tensor.h"

namespace foundations::ch07 {

struct Settings {
  int epochs = 1;
  std::int64_t batch = 64;
  float lr = 0.1f;
};

// Trains the model by gradient descent on batches, in the order of the rows, and returns the loss
// of every batch.
//   x: [n, inputs]   y: [n], classes   model: [n, inputs] to [n, classes]; by_hand needs two linear
//   layers   s.batch: at least 1
using Loop = std::vector<float>(nn::Module& model, const Tensor& x, const LongTensor& y,
                                const Settings& s);

Loop by_hand, with_parameters, with_optimizer, with_dataset, with_data_loader, with_fit;

inline constexpr Rung<Loop> kLoops[] = {
    {"by_hand", by_hand},
    {"with_parameters", with_parameters},
    {"with_optimizer", with_optimizer},
    {"with_dataset", with_dataset},
    {"with_data_loader", with_data_loader},
    {"with_fit", with_fit},
};

}  // namespace foundations::ch07
