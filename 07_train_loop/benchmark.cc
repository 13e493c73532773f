// How long the loss takes in each of its forms, and an epoch in each form of the loop.
//
//   bazel run //07_train_loop:benchmark                        # the built-in digits
//   bazel run //07_train_loop:benchmark -- --mnist_dir=DIR     # MNIST
//   bazel run //07_train_loop:benchmark -- --rows=N            # an epoch of N images
#include <memory>
#include <string>
#include <vector>

#include "07_train_loop/cross_entropy.h"
#include "07_train_loop/loop.h"
#include "common/bench/ladder.h"
#include "common/bench/training_rows.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::ch07 {
namespace {

constexpr std::int64_t kBatch = 64;

Ladder losses() {
  Generator generator(1);
  const Tensor logits = randn({kBatch, 10}, generator);
  const LongTensor targ = randint(0, 10, {kBatch}, generator);
  const Check check = held_to([=] {
    return Answer{cross_entropy(logits.to<double>(), targ), full<double>({}, 1e-6)};
  });
  Ladder ladder = {.chapter = "07_train_loop/loss",
                   .problem = "cross entropy of 64x10 logits",
                   .sizes = {{"n", kBatch}}};
  for (const auto& rung : kCrossEntropies) {
    ladder.add(
        rung.name, [=, run = rung.run] { return run(logits, targ); }, check);
  }
  ladder.add(
      "common", [=] { return cross_entropy(logits, targ); }, check);
  return ladder;
}

std::shared_ptr<nn::Sequential> new_model(std::int64_t pixels) {
  Generator generator(42);
  auto model = std::make_shared<nn::Sequential>(nn::mlp({pixels, 50, 10}, generator));
  model->input_grad(false);
  return model;
}

Ladder loops(const Mnist& digits, std::int64_t n) {
  const Tensor x = training_rows(digits, n).x;
  const LongTensor y = training_rows(digits, n).y.to<std::int64_t>();
  const std::int64_t pixels = x.size(1);
  Ladder ladder = {.chapter = "07_train_loop/epoch",
                   .problem = "an epoch of " + std::to_string(n) + " rows by " +
                              std::to_string(kBatch) + ", " + digits.source,
                   .sizes = {{"n", n}},
                   .memory = true};
  const Settings epoch = {.epochs = 1, .batch = kBatch, .lr = 0.1f};
  for (const auto& rung : kLoops) {
    const auto model = new_model(pixels);
    const auto run = [=, loop = rung.run] { loop(*model, x, y, epoch); };
    const auto fault = [=, loop = rung.run]() -> std::string {
      const bool same =
          loop(*new_model(pixels), x, y, epoch) == by_hand(*new_model(pixels), x, y, epoch);
      return same ? "" : "the losses are not those of by_hand";
    };
    // Forward and back through the second layer, and all but the images' gradient of the first.
    const double flops = 2.0 * static_cast<double>(n * (2 * pixels * 50 + 3 * 50 * 10));
    ladder.rungs.push_back({std::string(rung.name), run, fault, {.flops = flops}});
  }
  return ladder;
}

}  // namespace
}  // namespace foundations::ch07

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times cross entropy in each of its forms, and an epoch of each loop.");
  const auto& dir = program.mnist_dir();
  int rows = 5000;
  program.option("--rows", rows, 1, kMostRows, "images of an epoch");
  return program.run(argc, argv, [&] {
    return std::vector{ch07::losses(), ch07::loops(load_digits(dir), rows)};
  });
}
