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

#include <charconv>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>

#include "common/base/error.h"
#include "common/base/program.h"
#include "common/base/whole_file.h"
#include "common/bench/gnuplot.h"
#include "common/data/data_loader.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/train/curves.h"
#include "common/train/learner.h"
#include "common/train/progress.h"

namespace foundations::ch07 {
namespace {

constexpr std::int64_t kHidden = 50, kDigits = 10, kValidBatch = 1000;
constexpr int kMaxEpochs = 1'000'000;

struct Options {
  int epochs = 5, batch = 64, seed = 1;
  double lr = 0.1;
  std::string picture;  // "": none
};

// The pixels of the training images: what they and all others are normalised by.
struct Pixels {
  Tensor mean, std;
};

Pixels statistics(const Mnist& digits) {
  const Pixels pixels{digits.x_train.mean(), digits.x_train.std()};
  if (!(pixels.std.item() > 0)) {
    throw DataError(digits.source + ": has no training images, or only ones that are all alike");
  }
  return pixels;
}

// Returns the number of epochs that a file says it has behind it.
int epochs_of(const std::string& path, const std::string& text) {
  int epochs = -1;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, epochs);
  if (error != std::errc() || stopped != end || epochs < 0 || epochs > kMaxEpochs) {
    throw DataError(path + ": its \"epochs\" should be a whole number from 0 to " +
                    std::to_string(kMaxEpochs) + ", but is " + text);
  }
  return epochs;
}

// A training that can be saved. After whole epochs it goes on from there as if it had not ended.
struct Training {
  Training(std::int64_t pixels, const Options& options)
      : generator(options.seed),
        spec(fmt::format("mlp {} {} {}", pixels, kHidden, kDigits)),
        model(nn::make_model(spec, generator)),
        opt(model.parameters(), {.lr = options.lr}) {
    model.input_grad(false);
  }

  // Deals the rows of the epochs before, so that the next epoch's order is its own.
  void load(const std::string& path, std::int64_t rows) {
    const nn::Rest rest = nn::load_state(path, model);
    try {
      opt.load_state(rest.optimizer);
    } catch (const std::invalid_argument& error) {
      throw DataError(path + ": " + error.what());
    }
    const auto found = rest.metadata.find("epochs");
    if (found != rest.metadata.end()) epochs = epochs_of(path, found->second);
    for (int epoch = 0; epoch < epochs; ++epoch) randperm(rows, generator);
  }

  void save(const std::string& path, const Pixels& pixels) const {
    Metadata metadata = nn::model_metadata(spec, pixels.mean.item(), pixels.std.item());
    metadata["epochs"] = std::to_string(epochs);
    nn::save_state(path, model, metadata, opt.state());
  }

  Generator generator;
  std::string spec;
  nn::Sequential model;
  optim::SGD opt;
  int epochs = 0;  // whole ones
};

void train(const Mnist& digits, const Options& options, const std::optional<std::string>& load,
           const std::optional<std::string>& save) {
  const Pixels pixels = statistics(digits);
  const Dataset train{normalize(digits.x_train, pixels.mean, pixels.std), digits.y_train};
  const Dataset valid{normalize(digits.x_valid, pixels.mean, pixels.std), digits.y_valid};
  Training training(train.x.size(1), options);
  if (load) training.load(*load, train.size());
  std::cout << "data: " << digits.source << ", " << train.size() << " images to learn and "
            << valid.size() << " to validate\n"
            << fmt::format("{}: SGD, lr {:g}, batches of {}, seed {}\n\n", training.spec,
                           options.lr, options.batch, options.seed);

  nn::CrossEntropyLoss loss;
  Learner learner(training.model, loss, training.opt,
                  DataLoader(train, {.batch = options.batch, .shuffle = &training.generator}),
                  DataLoader(valid, {.batch = kValidBatch}));
  StopOnInterrupt ctrl_c;
  ProgressLine line;
  EpochTable table(std::cout, training.epochs);
  LossRecord record;
  learner.fit(options.epochs, {&ctrl_c, &line, &table, &record});
  training.epochs += static_cast<int>(learner.step() / learner.train_loader().size());

  std::cout << "\n" << loss_curves(record.losses());
  if (save) {
    training.save(*save, pixels);
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
