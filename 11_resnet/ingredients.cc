// What is each ingredient of the recipe worth? Trains with all, and with each in turn left out.
//
//   bazel run //11_resnet:ingredients -- --mnist_dir=DIR --seeds=3
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "11_resnet/recipe.h"
#include "11_resnet/res_block.h"
#include "common/base/error.h"
#include "common/base/program.h"
#include "common/train/learner.h"
#include "common/train/pixels.h"
#include "common/train/rates.h"

namespace foundations::ch11 {
namespace {

enum class Optimizer { kAdamW, kSgd };

struct Variant {
  std::string name;
  Recipe recipe = {};
  Optimizer optimizer = Optimizer::kAdamW;
  bool cycle = true;
  Make* blocks = nullptr;  // nullptr: common's
};

std::vector<Variant> variants(const Recipe& r) {
  const auto with = [&](auto change) {
    Recipe changed = r;
    change(changed);
    return changed;
  };
  return {
      {"the recipe", r},
      {"no shifts", with([](Recipe& c) { c.shift = 0; })},
      {"shifts of 2 pixels", with([](Recipe& c) { c.shift = 2; })},
      {"one rate: 0.001", with([](Recipe& c) { c.lr = 0.001; }), Optimizer::kAdamW, false},
      {"momentum, cycle to 0.1", with([](Recipe& c) { c.lr = 0.1; }), Optimizer::kSgd},
      {"no decay", with([](Recipe& c) { c.weight_decay = 0; })},
      {"batches of 64", with([](Recipe& c) { c.batch = 64, c.lr /= 2; })},
      {"no zero init", r, Optimizer::kAdamW, true, any_shape},
      {"no skips", r, Optimizer::kAdamW, true, plain},
      {"half the epochs", with([](Recipe& c) { c.epochs /= 2; })},
  };
}

std::unique_ptr<optim::Optimizer> make_optimizer(const Variant& variant, const nn::Module& model) {
  if (variant.optimizer == Optimizer::kAdamW) {
    return std::make_unique<optim::AdamW>(adam_w(model, variant.recipe));
  }
  return std::make_unique<optim::SGD>(
      model.parameters(),
      optim::SGDOptions{.lr = variant.recipe.lr, .momentum = 0.9, .weight_decay = 5e-4});
}

struct Data {
  Dataset train, test;
};

struct Result {
  double one_look, five_looks;
};

Result train(const Variant& variant, const Data& data, int seed) {
  const Recipe& recipe = variant.recipe;
  Generator generator(seed);
  nn::Sequential model = variant.blocks
                             ? network(variant.blocks, 8, {{16, 2}, {32, 2}, {64, 2}}, generator)
                             : nn::make_model(kNet, generator);
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  const auto opt = make_optimizer(variant, model);
  const Dataset none = data.test[Slice(0, 0)];
  Learner learner(model, loss, *opt, batches(data.train, recipe, generator), DataLoader(none));
  std::optional<ScheduledRate> rate;
  std::vector<Callback*> callbacks;
  if (variant.cycle) callbacks.push_back(&rate.emplace(OneCycleOptions{.max_lr = recipe.lr}));
  learner.fit(recipe.epochs, callbacks);
  return {accuracy_on(data.test, model, false), accuracy_on(data.test, model, true)};
}

void compare(const Mnist& digits, const Recipe& recipe, int seeds) {
  if (digits.y_test.numel() == 0) throw DataError(digits.source + ": has no test images");
  const Pixels pixels = pixel_statistics(digits);
  const Data data{pixels.normalised(digits.x_train, digits.y_train),
                  pixels.normalised(digits.x_test, digits.y_test)};
  std::cout << fmt::format(
      "data: {}, {} images to learn and {} to test\n{}, {} epochs, {} seeds\n\n{:24} {:>9} {:>9} "
      "{:>9} {:>10}\n",
      digits.source, data.train.size(), data.test.size(), kNet, recipe.epochs, seeds, "accuracy",
      "worst", "mean", "best", "five looks");
  for (const Variant& variant : variants(recipe)) {
    std::vector<double> found;
    double sum = 0, sum_of_five = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const auto [one, five] = train(variant, data, seed);
      found.push_back(one);
      sum += one;
      sum_of_five += five;
    }
    const auto [worst, best] = std::minmax_element(found.begin(), found.end());
    std::cout << fmt::format("{:24} {:9.4f} {:9.4f} {:9.4f} {:10.4f}\n", variant.name, *worst,
                             sum / seeds, *best, sum_of_five / seeds)
              << std::flush;
  }
}

}  // namespace
}  // namespace foundations::ch11

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Measures what each ingredient of the recipe is worth, over several seeds.");
  ch11::Recipe recipe;
  int seeds = 3;
  program.option("--epochs", recipe.epochs, 1, 1000, "how often to go through all images");
  program.option("--seeds", seeds, 1, 100, "how many networks to train with each");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch11::compare(load_digits(dir), recipe, seeds); });
}
