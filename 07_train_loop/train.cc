// Trains a network to read digits: 784-50-10, by the chapter's loop in the form that common has.
//
//   bazel run //07_train_loop:train                                    # on the built-in digits
//   bazel run //07_train_loop:train -- --mnist_dir=DIR --save=FILE     # on MNIST, and keep it
//   bazel run //07_train_loop:train -- --load=FILE --epochs=3          # three epochs more
//   bazel run //07_train_loop:train -- --out=DIR                       # and a picture,
//   DIR/loss.svg
//
// Ctrl-C ends it after the batch: it shows and saves what there is.
#include <fmt/core.h>

#include <iostream>
#include <optional>
#include <string>

#include "common/base/program.h"
#include "common/base/whole_file.h"
#include "common/bench/gnuplot.h"
#include "common/data/data_loader.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/train/checkpoint.h"
#include "common/train/curves.h"
#include "common/train/learner.h"
#include "common/train/progress.h"

namespace foundations::ch07 {
namespace {

constexpr std::int64_t kHidden = 50, kDigits = 10, kValidBatch = 1000;

struct Options {
  int epochs = 5, batch = 64, seed = 1;
  double lr = 0.1;
  std::string picture;  // "": none
};

void train(const Mnist& digits, const Options& options, const std::optional<std::string>& load,
           const std::optional<std::string>& save) {
  const Pixels pixels = pixel_statistics(digits);
  const Dataset train = pixels.normalised(digits.x_train, digits.y_train);
  const Dataset valid = pixels.normalised(digits.x_valid, digits.y_valid);
  Generator generator(options.seed);
  const std::string spec = fmt::format("mlp {} {} {}", train.x.size(1), kHidden, kDigits);
  nn::Sequential model = nn::make_model(spec, generator);
  model.input_grad(false);
  optim::SGD opt(model.parameters(), {.lr = options.lr});
  const int done = load ? load_training(*load, model, &opt) : 0;
  // Deals the rows of the epochs before, so that the next epoch's order is its own.
  for (int epoch = 0; epoch < done; ++epoch) randperm(train.size(), generator);
  std::cout << "data: " << digits.source << ", " << train.size() << " images to learn and "
            << valid.size() << " to validate\n"
            << fmt::format("{}: SGD, lr {:g}, batches of {}, seed {}\n\n", spec, options.lr,
                           options.batch, options.seed);

  nn::CrossEntropyLoss loss;
  Learner learner(model, loss, opt,
                  DataLoader(train, {.batch = options.batch, .shuffle = &generator}),
                  DataLoader(valid, {.batch = kValidBatch}));
  StopOnInterrupt ctrl_c;
  ProgressLine line;
  EpochTable table(std::cout, done);
  LossRecord record;
  learner.fit(options.epochs, {&ctrl_c, &line, &table, &record});

  std::cout << "\n" << loss_curves(record.losses());
  if (save) {
    const auto epochs = static_cast<int>(learner.step() / learner.train_loader().size());
    save_training(*save, {spec, model, &opt, done + epochs}, pixels);
    std::cout << "saved: " << *save << "\n";
  }
  if (!options.picture.empty()) {
    const bool drawn = gnuplot(loss_chart(record.losses()), options.picture);
    std::cout << (drawn ? "picture: " + options.picture : kNoGnuplot) << "\n";
  }
}

}  // namespace
}  // namespace foundations::ch07

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Trains a network to read digits, and shows how its loss falls.");
  ch07::Options options;
  program.option("--epochs", options.epochs, 1, 100'000, "how often to go through all images");
  program.option("--lr", options.lr, 0, 1000, "learning rate");
  program.option("--batch", options.batch, 1, 1'000'000, "images for each step");
  program.option("--seed", options.seed, 0, 1'000'000'000, "of the weights and of the order");
  const auto& save = program.file("--save", "keep the network here, and where it stopped");
  const auto& load = program.file("--load", "go on where --save stopped");
  const auto& out = program.out("and a picture, DIR/loss.svg, if gnuplot is there");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] {
    if (save) check_writable(*save);
    if (out) options.picture = picture_path(*out, "loss.svg");
    ch07::train(load_digits(dir), options, load, save);
  });
}
