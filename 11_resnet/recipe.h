// How the digits' best network is trained: the recipe, with each ingredient to be taken out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/data/data_loader.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"

namespace foundations::ch11 {

inline constexpr char kNet[] = "resnet 784 8 16 32 64 10";

struct Recipe {
  int epochs = 7;
  std::int64_t batch = 256;
  double lr = 0.02;  // the highest of the cycle
  double weight_decay = 0.01;
  std::int64_t shift = 1;  // pixels, at most; 0: the images as they are
};

// Returns AdamW with the recipe's rate and decay. Its squares are averaged over some 100 steps, not
// 1,000: the whole training has 1,400.
optim::AdamW adam_w(const nn::Module& model, const Recipe& recipe);

// Returns shuffled batches of images, each image shifted at random.
DataLoader batches(const Dataset& train, const Recipe& recipe, Generator& generator);

// Returns the mean of the probabilities that the model gives to an image and to the image moved by
// a pixel up, down, left and right, in eval mode. Takes five times as long as one look.
//   x: [n, 784]   returns [n, 10]
Tensor five_looks(nn::Module& model, const Tensor& x);

// Returns the accuracy on a data set, in eval mode, by one look or by five.
double accuracy_on(const Dataset& data, nn::Module& model, bool five);

}  // namespace foundations::ch11
