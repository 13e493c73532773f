// Does it matter which optimizer, and which schedule? 07's network under each, over several seeds.
//
//   bazel run //09_optim:compare                                    # on the built-in digits
//   bazel run //09_optim:compare -- --mnist_dir=DIR --seeds=5       # on MNIST
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/program.h"
#include "common/data/data_loader.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/train/learner.h"
#include "common/train/pixels.h"
#include "common/train/rates.h"

namespace foundations::ch09 {
namespace {

using optim::Optimizer;

struct Recipe {
  std::string name;
  std::function<std::unique_ptr<Optimizer>(const std::vector<Tensor>& parameters)> make;
  std::optional<OneCycleOptions> cycle = {};
};

auto sgd(double lr, double momentum = 0) {
  return [=](const std::vector<Tensor>& parameters) {
    return std::make_unique<optim::SGD>(parameters,
                                        optim::SGDOptions{.lr = lr, .momentum = momentum});
  };
}

std::unique_ptr<Optimizer> adam(const std::vector<Tensor>& parameters) {
  return std::make_unique<optim::Adam>(parameters, optim::AdamOptions{});
}

std::unique_ptr<Optimizer> adam_w(const std::vector<Tensor>& parameters) {
  return std::make_unique<optim::AdamW>(parameters, optim::AdamWOptions{});
}

const Recipe kRecipes[] = {
    {"SGD, lr 0.03", sgd(0.03)},
    {"SGD, lr 0.1", sgd(0.1)},
    {"SGD, lr 0.2", sgd(0.2)},
    {"SGD, lr 0.3", sgd(0.3)},
    {"momentum 0.9, lr 0.02", sgd(0.02, 0.9)},
    {"Adam, lr 0.001", adam},
    {"AdamW, lr 0.001, decay 0.01", adam_w},
    {"SGD, one cycle to 0.1", sgd(0.1), OneCycleOptions{.max_lr = 0.1}},
    {"SGD, one cycle to 0.3", sgd(0.3), OneCycleOptions{.max_lr = 0.3}},
    {"AdamW, one cycle to 0.005", adam_w, OneCycleOptions{.max_lr = 0.005}},
};

struct Data {
  Dataset train, valid;
};

Data data(const Mnist& digits) {
  const Pixels pixels = pixel_statistics(digits);
  return {pixels.normalised(digits.x_train, digits.y_train),
          pixels.normalised(digits.x_valid, digits.y_valid)};
}

// Returns the accuracy on the validation images. The same seed gives the same start and the same
// batches to every recipe.
double accuracy_after(int epochs, const Recipe& recipe, const Data& data, int seed) {
  Generator generator(seed);
  nn::Sequential model{nn::Linear(data.train.x.size(1), 50, generator), nn::ReLU(),
                       nn::Linear(50, 10, generator)};
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  const auto opt = recipe.make(model.parameters());
  Learner learner(model, loss, *opt, DataLoader(data.train, {.shuffle = &generator}),
                  DataLoader(data.valid, {.batch = 1000}));
  std::optional<ScheduledRate> rate;
  std::vector<Callback*> callbacks;
  if (recipe.cycle) callbacks.push_back(&rate.emplace(*recipe.cycle));
  learner.fit(epochs, callbacks);
  return learner.history().back().valid.accuracy;
}

void compare(const Mnist& digits, int epochs, int seeds) {
  const Data all = data(digits);
  std::cout << fmt::format(
      "data: {}, {} images to learn and {} to validate\n784-50-10, batches of 64, {} epochs, "
      "accuracy after the last\n\n{:28} {:>6}",
      digits.source, all.train.size(), all.valid.size(), epochs, "", "mean");
  for (int seed = 1; seed <= seeds; ++seed)
    std::cout << fmt::format(" {:>6}", fmt::format("seed {}", seed));
  std::cout << "  spread\n";
  for (const Recipe& recipe : kRecipes) {
    std::vector<double> found;
    double sum = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
      found.push_back(accuracy_after(epochs, recipe, all, seed));
      sum += found.back();
    }
    std::cout << fmt::format("{:28} {:.4f}", recipe.name, sum / seeds);
    for (const double accuracy : found) std::cout << fmt::format(" {:.4f}", accuracy);
    const auto [least, most] = std::minmax_element(found.begin(), found.end());
    std::cout << fmt::format("  {:.4f}\n", *most - *least) << std::flush;
  }
}

}  // namespace
}  // namespace foundations::ch09

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Compares optimizers on the digits, over several seeds.");
  int epochs = 3, seeds = 3;
  program.option("--epochs", epochs, 1, 1000, "how often to go through all images");
  program.option("--seeds", seeds, 1, 100, "how many networks to train with each");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch09::compare(load_digits(dir), epochs, seeds); });
}
