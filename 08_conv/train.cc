// Trains the chapter's network from several starts, and looks into it.
//
//   bazel run //08_conv:train                                  # on the built-in digits
//   bazel run //08_conv:train -- --mnist_dir=DIR --batch=512 --lr=0.4
//   bazel run //08_conv:train -- --out=DIR                     # and pictures: DIR/see.png,
//                                                              # moments.svg, histograms.svg
#include <fmt/core.h>

#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "08_conv/look/see.h"
#include "08_conv/look/telemetry.h"
#include "08_conv/net.h"
#include "common/base/program.h"
#include "common/bench/gnuplot.h"
#include "common/data/data_loader.h"
#include "common/data/mnist.h"
#include "common/data/picture.h"
#include "common/train/learner.h"
#include "common/train/pixels.h"

namespace foundations::ch08 {
namespace {

struct Options {
  int epochs = 3, batch = 64, seeds = 2;
  double lr = 0.1;
};

struct Data {
  Dataset train, valid;
};

Data data(const Mnist& digits) {
  const Pixels pixels = pixel_statistics(digits);
  return {pixels.normalised(digits.x_train, digits.y_train),
          pixels.normalised(digits.x_valid, digits.y_valid)};
}

struct Trained {
  nn::Sequential model;
  std::vector<EpochResult> history;
  Run run;
};

Trained train(const Start& start, const Data& data, const Options& options, int seed) {
  Generator generator(seed);
  Trained result{net(start, generator), {}, {start.name, {}}};
  nn::CrossEntropyLoss loss;
  optim::SGD opt(result.model.parameters(), {.lr = options.lr});
  Learner learner(result.model, loss, opt,
                  DataLoader(data.train, {.batch = options.batch, .shuffle = &generator}),
                  DataLoader(data.valid, {.batch = 1000}));
  const Telemetry telemetry(layers_of<nn::GeneralRelu>(result.model));
  learner.fit(options.epochs);
  result.history = learner.history();
  result.run.layers = telemetry.layers();
  return result;
}

// Prints a line for each seed, and the means if there are several.
void print_accuracies(const std::string& name, const std::vector<std::vector<EpochResult>>& seeds) {
  const std::size_t epochs = seeds[0].size();
  std::vector<double> sums(epochs);
  for (std::size_t s = 0; s < seeds.size(); ++s) {
    std::cout << fmt::format("{:<22} {:>4}", name, s + 1);
    for (std::size_t e = 0; e < epochs; ++e) {
      const double accuracy = seeds[s][e].valid.accuracy;
      std::cout << fmt::format("  {:.4f}", accuracy);
      sums[e] += accuracy / static_cast<double>(seeds.size());
    }
    std::cout << fmt::format("  {:.1f}\n", seeds[s].back().seconds);
  }
  if (seeds.size() < 2) return;
  std::cout << fmt::format("{:<22} mean", name);
  for (const double mean : sums) std::cout << fmt::format("  {:.4f}", mean);
  std::cout << "\n";
}

void print(const std::vector<Stage>& stages) {
  for (const Stage& stage : stages) {
    std::cout << "\n" << stage.name << ":\n";
    imshow(mosaic(stage.images, stage.images.size(2) == 14 ? 4 : stage.across));
  }
}

// Writes pictures of these runs, and the stages.
void draw(const std::vector<Run>& runs, const std::vector<Stage>& stages,
          const std::vector<std::string>& files) {
  imsave(files[0], one_picture(stages));
  std::cout << "picture: " << files[0] << "\n";
  const std::string scripts[] = {moments_chart(runs), histogram_chart(runs)};
  for (std::size_t i = 0; i < 2; ++i) {
    const bool drawn = gnuplot(scripts[i], files[i + 1]);
    std::cout << (drawn ? "picture: " + files[i + 1] : kNoGnuplot) << "\n";
  }
}

void compare(const Mnist& digits, const Options& options, const std::vector<std::string>& files) {
  const Data all = data(digits);
  std::cout << fmt::format(
      "data: {}, {} images to learn and {} to validate\n"
      "8-16-32-32, SGD, lr {:g}, batches of {}: accuracy after each epoch, seconds of the last\n\n",
      digits.source, all.train.size(), all.valid.size(), options.lr, options.batch);
  std::vector<Run> runs;
  std::vector<Stage> stages;
  for (const Start& start : kStarts) {
    std::vector<std::vector<EpochResult>> histories;
    for (int seed = 1; seed <= options.seeds; ++seed) {
      Trained trained = train(start, all, options, seed);
      histories.push_back(trained.history);
      if (seed > 1) continue;
      runs.push_back(trained.run);
      if (start.name == "Kaiming") stages = see(trained.model, all.valid.x[0]);
    }
    print_accuracies(start.name, histories);
    std::cout << std::flush;
  }
  print(stages);
  if (!files.empty()) draw(runs, stages, files);
}

}  // namespace
}  // namespace foundations::ch08

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Trains a convolutional network from several starts, and looks into it.");
  ch08::Options options;
  program.option("--epochs", options.epochs, 1, 1000, "how often to go through all images");
  program.option("--batch", options.batch, 1, 60'000, "images a step");
  program.option("--lr", options.lr, 0, 100, "learning rate");
  program.option("--seeds", options.seeds, 1, 100, "how many networks to train from each start");
  const auto& dir = program.mnist_dir();
  const auto& out = program.out("and pictures, DIR/see.png and others");
  return program.run(argc, argv, [&] {
    std::vector<std::string> files;
    for (const char* name : {"see.png", "moments.svg", "histograms.svg"}) {
      if (out) files.push_back(picture_path(*out, name));
    }
    ch08::compare(load_digits(dir), options, files);
  });
}
