// What does batch norm allow, and where does it fail? The chapter's network with it and without, at
// several learning rates and over several seeds; on batches of 2; and with LSUV in its place.
//
//   bazel run //10_batch_norm:rates                                   # on the built-in digits
//   bazel run //10_batch_norm:rates -- --mnist_dir=DIR --part=cycle   # one part of it, on MNIST
#include "common/train/rates.h"

#include <fmt/core.h>

#include <cmath>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "10_batch_norm/lsuv.h"
#include "10_batch_norm/net.h"
#include "common/base/program.h"
#include "common/data/data_loader.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/random.h"
#include "common/train/learner.h"
#include "common/train/pixels.h"

namespace foundations::ch10 {
namespace {

struct Data {
  Dataset train, valid;
};

Data data(const Mnist& digits) {
  const Pixels pixels = pixel_statistics(digits);
  const auto images = [&](const Tensor& x, const LongTensor& y) {
    return Dataset{pixels.normalised(x, y).x.view(x.size(0), 1, 28, 28), y};
  };
  return {images(digits.x_train, digits.y_train), images(digits.x_valid, digits.y_valid)};
}

enum class Kind { kPlain, kBatchNorm, kLsuv };

std::string name_of(Kind kind) { return kind == Kind::kBatchNorm ? "batch norm" : "without"; }

struct Recipe {
  std::string name;
  Kind kind;
  double lr = 1;
  int epochs = 3;
  std::int64_t batch = 512;
  std::optional<Schedule> schedule = {};
};

using History = std::vector<EpochResult>;

// The same seed gives the same weights and the same batches to every recipe.
History trained(const Recipe& recipe, const Data& data, int seed) {
  Generator generator(seed), order(seed);
  const Layers all = layers({8, 16, 32, 64, 64}, recipe.kind == Kind::kBatchNorm, generator);
  if (recipe.kind == Kind::kLsuv) lsuv(all, data.train.x.slice(0, 0, recipe.batch));
  nn::Sequential model(all);
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  optim::SGD opt(model.parameters(), {.lr = recipe.lr});
  Learner learner(model, loss, opt,
                  DataLoader(data.train, {.batch = recipe.batch, .shuffle = &order}),
                  DataLoader(data.valid, {.batch = 1000}));
  std::optional<ScheduledRate> rate;
  std::vector<Callback*> callbacks;
  if (recipe.schedule) callbacks.push_back(&rate.emplace(*recipe.schedule));
  learner.fit(recipe.epochs, callbacks);
  return learner.history();
}

// A table, a recipe to each line: the accuracy after the first epoch and after the last.
void compare(const std::string& title, const std::vector<Recipe>& recipes, const Data& data,
             int seeds) {
  std::string head;
  for (int seed = 1; seed <= seeds; ++seed) head += fmt::format(" seed {}", seed);
  std::cout << fmt::format("\n{}\n{:27}{:^{}}  after the last\n{:27}{}  {}\n", title, "",
                           "after epoch 1", head.size(), "", head, head);
  for (const Recipe& recipe : recipes) {
    std::string first, last;
    for (int seed = 1; seed <= seeds; ++seed) {
      const History history = trained(recipe, data, seed);
      first += fmt::format(" {:.4f}", history.front().valid.accuracy);
      last += fmt::format(" {:.4f}", history.back().valid.accuracy);
    }
    std::cout << fmt::format("{:27}{}  {}\n", recipe.name, first, last) << std::flush;
  }
}

Dataset first_rows(const Dataset& data, std::int64_t n) {
  return {data.x.slice(0, 0, n), data.y.slice(0, 0, n)};
}

// ---- The parts ----

void rates(const Data& data, std::int64_t batch, int seeds) {
  std::vector<Recipe> recipes;
  for (const Kind kind : {Kind::kPlain, Kind::kBatchNorm}) {
    for (const double lr : {0.1, 0.4, 1., 4.}) {
      recipes.push_back({fmt::format("{}, lr {:g}", name_of(kind), lr), kind, lr, 3, batch});
    }
  }
  compare(fmt::format("3 epochs, batches of {}", batch), recipes, data, seeds);
}

void cycle(const Data& data, std::int64_t batch, int seeds) {
  const Schedule up_and_down = combine({0.3, 0.7}, {sched_cos(0.6, 2), sched_cos(2, 0.1)});
  compare(fmt::format("8 epochs, batches of {}, the rate from 0.6 to 2 and down to 0.1", batch),
          {{"batch norm", Kind::kBatchNorm, 1, 8, batch, up_and_down}}, data, seeds);
}

// The rate falls with the root of the batch, as its gradient gets noisier.
void two(const Data& data, int seeds) {
  const Data few{first_rows(data.train, 2000), data.valid};
  std::vector<Recipe> recipes;
  for (const std::int64_t batch : {64, 8, 4, 2}) {
    for (const Kind kind : {Kind::kPlain, Kind::kBatchNorm}) {
      const std::string name = fmt::format("{}, batches of {}", name_of(kind), batch);
      recipes.push_back({name, kind, 0.01 * std::sqrt(batch), 3, batch});
    }
  }
  compare("3 epochs of 2,000 images", recipes, few, seeds);
}

void starts(const Data& data, std::int64_t batch, int seeds) {
  compare(fmt::format("2 epochs, batches of {}, lr 0.4", batch),
          {{"Kaiming", Kind::kPlain, 0.4, 2, batch},
           {"LSUV", Kind::kLsuv, 0.4, 2, batch},
           {"batch norm", Kind::kBatchNorm, 0.4, 2, batch}},
          data, seeds);
}

}  // namespace
}  // namespace foundations::ch10

int main(int argc, char** argv) {
  using namespace foundations;
  using namespace foundations::ch10;
  Program program("Trains the chapter's network with batch norm and without, over several seeds.");
  std::string part = "all";
  int seeds = 3;
  program.option("--part", part, {"all", "rates", "cycle", "two", "starts"}, "what to compare");
  program.option("--seeds", seeds, 1, 100, "how many networks to train by each recipe");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] {
    const Mnist digits = load_digits(dir);
    const Data all = data(digits);
    std::cout << fmt::format("data: {}, {} images to learn and {} to validate\n", digits.source,
                             all.train.size(), all.valid.size());
    // The built-in digits are a tenth of MNIST: with a tenth of the batch they make as many steps.
    const std::int64_t batch = all.train.size() < 20'000 ? 50 : 512;
    const auto is_asked_for = [&](const char* name) { return part == "all" || part == name; };
    if (is_asked_for("rates")) rates(all, batch, seeds);
    if (is_asked_for("cycle")) cycle(all, batch, seeds);
    if (is_asked_for("starts")) starts(all, batch, seeds);
    if (is_asked_for("two")) two(all, seeds);
  });
}
