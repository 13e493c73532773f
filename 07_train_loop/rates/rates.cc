// What does the learning rate do, and what the pixels' scale? Trains 784-50-10 from several seeds,
// and prints the accuracy on the validation images after each epoch.
//
//   bazel run //07_train_loop:rates -- --mnist_dir=DIR
//   bazel run //07_train_loop:rates -- --seeds=1 --epochs=2
#include <fmt/core.h>

#include <iostream>

#include "07_train_loop/fit.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/random.h"

namespace foundations::ch07 {
namespace {

struct Setting {
  bool normalised;
  float lr;
};
constexpr Setting kSettings[] = {{false, 0.5f}, {false, 0.1f}, {true, 0.5f}, {true, 0.1f}};

History trained(const Mnist& digits, const Setting& setting, int epochs, std::uint64_t seed) {
  const Tensor mean = digits.x_train.mean(), std = digits.x_train.std();
  const auto pixels = [&](const Tensor& x) {
    return setting.normalised ? normalize(x, mean, std) : x;
  };
  Generator generator(seed);
  nn::Sequential model = nn::mlp({digits.x_train.size(1), 50, 10}, generator);
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  Optimizer opt(model.parameters(), setting.lr);
  const Dataset train{pixels(digits.x_train), digits.y_train};
  const Dataset valid{pixels(digits.x_valid), digits.y_valid};
  return fit(epochs, model, loss, opt, DataLoader(train, Sampler(train.size(), 64, &generator)),
             DataLoader(valid, Sampler(valid.size(), 1000)));
}

void show(const Mnist& digits, int epochs, int seeds) {
  std::cout << digits.source << ", batch 64, accuracy after each epoch\n\n"
            << "pixels       lr  seed";
  for (int epoch = 1; epoch <= epochs; ++epoch) std::cout << fmt::format("{:8}", epoch);
  std::cout << "\n";
  for (const Setting& setting : kSettings) {
    for (int seed = 1; seed <= seeds; ++seed) {
      std::cout << fmt::format("{:10} {:4g}  {:4}", setting.normalised ? "normalised" : "raw",
                               setting.lr, seed);
      for (const Score& score : trained(digits, setting, epochs, seed).valid) {
        std::cout << fmt::format("{:8.4f}", score.accuracy);
      }
      std::cout << std::endl;
    }
  }
}

}  // namespace
}  // namespace foundations::ch07

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Trains a small network with several rates, on raw and on normalised pixels.");
  int epochs = 5, seeds = 3;
  program.option("--epochs", epochs, 1, 1000, "passes over the training images");
  program.option("--seeds", seeds, 1, 1000, "how often to train with each setting");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch07::show(load_digits(dir), epochs, seeds); });
}
