// Trains a residual network to read digits: 99.4 % of MNIST's test images in half a minute.
//
//   bazel run //11_resnet:train -- --mnist_dir=DIR                  # on MNIST
//   bazel run //11_resnet:train -- --mnist_dir=DIR --save=FILE      # and keep the network
//   bazel run //11_resnet:train -- --mnist_dir=DIR --profile        # and see where the time goes
//   bazel run //11_resnet:train                                     # on the built-in digits
//
// Ctrl-C ends it after the batch: it shows and saves what there is.
#include <fmt/core.h>

#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "11_resnet/recipe.h"
#include "common/base/error.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/base/whole_file.h"
#include "common/bench/gnuplot.h"
#include "common/bench/stopwatch.h"
#include "common/tensor/join.h"
#include "common/train/checkpoint.h"
#include "common/train/curves.h"
#include "common/train/learner.h"
#include "common/train/profile.h"
#include "common/train/progress.h"
#include "common/train/rates.h"

namespace foundations::ch11 {
namespace {

struct Options {
  Recipe recipe;
  int batch = 256, seed = 1, threads = 0;
  bool all = false, profile = false;
  std::optional<std::string> load, save;
  std::string picture;  // "": none
};

struct Data {
  Dataset train, valid, test;
};

// With `all`, the images to validate are among those to learn.
Data normalised(const Mnist& digits, const Pixels& pixels, bool all) {
  Data data{pixels.normalised(digits.x_train, digits.y_train),
            pixels.normalised(digits.x_valid, digits.y_valid),
            pixels.normalised(digits.x_test, digits.y_test)};
  if (all) {
    data.train = {cat({data.train.x, data.valid.x}), cat({data.train.y, data.valid.y})};
  }
  return data;
}

void show_curves(const Losses& losses, const std::string& picture) {
  std::cout << "\n" << loss_curves(losses);
  if (picture.empty()) return;
  std::cout << (gnuplot(loss_chart(losses), picture) ? "picture: " + picture : kNoGnuplot) << "\n";
}

void train(const Mnist& digits, const Options& options, Clock::time_point start) {
  if (digits.y_test.numel() == 0) throw DataError(digits.source + ": has no test images");
  const Recipe& recipe = options.recipe;
  const Pixels pixels = pixel_statistics(digits);
  const Data data = normalised(digits, pixels, options.all);
  Generator generator(options.seed);
  const std::string spec = kNet;
  nn::Sequential model = nn::make_model(spec, generator);
  model.input_grad(false);
  optim::AdamW opt = adam_w(model, recipe);
  const int done = options.load ? load_training(*options.load, model, nullptr) : 0;
  std::cout << "data: " << digits.source << ", " << data.train.size() << " images to learn, "
            << data.valid.size() << (options.all ? " of them" : "") << " to validate, "
            << data.test.size() << " to test\n"
            << fmt::format("{}: AdamW, one cycle to lr {:g}, batches of {}, seed {}\n\n", spec,
                           recipe.lr, recipe.batch, options.seed);

  nn::CrossEntropyLoss loss;
  Learner learner(model, loss, opt, batches(data.train, recipe, generator),
                  DataLoader(data.valid, {.batch = 250}));
  Profile profile;
  StopOnInterrupt ctrl_c;
  ScheduledRate rate(OneCycleOptions{.max_lr = recipe.lr});
  ProgressLine line;
  EpochTable table(std::cout, done);
  LossRecord record;
  std::vector<Callback*> callbacks{&ctrl_c, &rate, &line, &table, &record};
  if (options.profile) callbacks.insert(callbacks.begin(), &profile);
  learner.fit(recipe.epochs, callbacks);

  show_curves(record.losses(), options.picture);
  if (options.save) {
    const auto epochs = static_cast<int>(learner.step() / learner.train_loader().size());
    save_training(*options.save, {spec, model, nullptr, done + epochs}, pixels);
    std::cout << "saved: " << *options.save << "\n";
  }
  if (options.profile) std::cout << "\n" << profile.table();
  std::cout << fmt::format("\ntest accuracy {:.4f} by one look\n",
                           accuracy_on(data.test, model, false))
            << fmt::format("test accuracy {:.4f}, {:.1f} s in all\n",
                           accuracy_on(data.test, model, true), seconds_since(start));
}

}  // namespace
}  // namespace foundations::ch11

int main(int argc, char** argv) {
  using namespace foundations;
  const Clock::time_point start = Clock::now();
  Program program("Trains a residual network to read digits.");
  ch11::Options options;
  ch11::Recipe& recipe = options.recipe;
  program.option("--epochs", recipe.epochs, 1, 100'000, "how often to go through all images");
  program.option("--lr", recipe.lr, 0, 1000, "learning rate, where it is highest");
  program.option("--batch", options.batch, 2, 1'000'000, "images for each step");
  program.option("--seed", options.seed, 0, 1'000'000'000, "of the weights, order and shifts");
  program.option("--threads", options.threads, 0, 1024, "how many to use; 0: all");
  program.flag("--all", options.all, "learn from the images to validate too");
  program.flag("--profile", options.profile, "show where the time goes");
  const auto& save = program.file("--save", "keep the network here");
  const auto& load = program.file("--load", "begin with the network that --save kept");
  const auto& out = program.out("and a picture, DIR/loss.svg, if gnuplot is there");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] {
    recipe.batch = options.batch;
    options.save = save;
    options.load = load;
    if (save) check_writable(*save);
    if (out) options.picture = picture_path(*out, "loss.svg");
    if (options.threads > 0) set_threads(options.threads);
    ch11::train(load_digits(dir), options, start);
  });
}
