// What does depth do to a network, without skips and with them?
//
//   bazel run //11_resnet:depth                                # on the built-in digits
//   bazel run //11_resnet:depth -- --mnist_dir=DIR --seeds=3   # on MNIST
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>

#include "11_resnet/recipe.h"
#include "11_resnet/res_block.h"
#include "common/base/program.h"
#include "common/tensor/ops.h"
#include "common/train/learner.h"
#include "common/train/pixels.h"
#include "common/train/rates.h"

namespace foundations::ch11 {
namespace {

constexpr int kBlocksPerStage[] = {1, 3, 7};
constexpr struct {
  const char* name;
  Make* make;
} kVariants[] = {{"plain", plain}, {"skip", any_shape}, {"skip, zero init", zero_init}};

struct Options {
  int images = 10'000, epochs = 2, seeds = 1;
};

struct Data {
  Dataset train, valid;
};

double norm(const Tensor& x) { return std::sqrt(static_cast<double>((x * x).sum().item())); }

// Returns the norm of the loss's gradient by the weights of the first layer.
double first_gradient(nn::Sequential& model, const Dataset& batch) {
  nn::CrossEntropyLoss loss;
  loss(model(batch.x), batch.y);
  model.backward(loss.backward());
  const double result = norm(model.parameters().front().grad());
  model.zero_grad();
  return result;
}

// Prints a row: the first gradient at the start, and how far the network gets. All are means.
void compare(int blocks, const char* name, Make* make, const Data& data, const Options& options) {
  double gradient = 0, loss_sum = 0, accuracy_sum = 0, least = 1;
  for (int seed = 1; seed <= options.seeds; ++seed) {
    Generator generator(seed);
    nn::Sequential model = network(make, 8, three_stages(blocks), generator);
    model.input_grad(false);
    gradient += first_gradient(model, data.train[Slice(0, 256)]);
    const Recipe recipe{.lr = 0.005, .shift = 0};
    nn::CrossEntropyLoss loss;
    optim::AdamW opt = adam_w(model, recipe);
    Learner learner(model, loss, opt, batches(data.train, recipe, generator),
                    DataLoader(data.valid, {.batch = 250}));
    ScheduledRate rate(OneCycleOptions{.max_lr = recipe.lr});
    learner.fit(options.epochs, {&rate});
    const EpochResult& last = learner.history().back();
    loss_sum += last.train_loss;
    accuracy_sum += last.valid.accuracy;
    least = std::min(least, last.valid.accuracy);
  }
  const double n = options.seeds;
  std::cout << fmt::format("{:6}  {:16} {:10.3f} {:11.3f} {:10.4f} {:8.4f}\n", 6 * blocks + 2, name,
                           gradient / n, loss_sum / n, accuracy_sum / n, least)
            << std::flush;
}

void compare_all(const Mnist& digits, const Options& options) {
  const Pixels pixels = pixel_statistics(digits);
  const Slice first(0, options.images);
  const Data data{pixels.normalised(digits.x_train(first), digits.y_train(first)),
                  pixels.normalised(digits.x_valid, digits.y_valid)};
  std::cout << fmt::format(
      "data: {}, {} images to learn and {} to validate\nAdamW, one cycle to lr 0.005, {} epochs, "
      "means over {} seeds\n\n{:6}  {:16} {:>10} {:>11} {:>10} {:>8}\n",
      digits.source, data.train.size(), data.valid.size(), options.epochs, options.seeds, "layers",
      "", "gradient", "train loss", "accuracy", "worst");
  for (const int blocks : kBlocksPerStage) {
    for (const auto& [name, make] : kVariants) compare(blocks, name, make, data, options);
  }
}

}  // namespace
}  // namespace foundations::ch11

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Trains networks of 8, 20 and 44 layers, with and without skips.");
  ch11::Options options;
  program.option("--images", options.images, 256, 1'000'000, "how many images to learn from");
  program.option("--epochs", options.epochs, 1, 1000, "how often to go through them");
  program.option("--seeds", options.seeds, 1, 100, "how many networks to train of each kind");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch11::compare_all(load_digits(dir), options); });
}
