// The README's code, in its order.
//
//   bazel run //07_train_loop:walkthrough                         # on the built-in digits
//   bazel run //07_train_loop:walkthrough -- --mnist_dir=DIR      # on MNIST
#include <fmt/core.h>

#include <iostream>
#include <string>
#include <vector>

#include "07_train_loop/cross_entropy.h"
#include "07_train_loop/fit.h"
#include "07_train_loop/loop.h"
#include "common/base/cell.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch07 {
namespace {

constexpr std::int64_t kHidden = 50;

void print(std::string_view code, const auto& value) { cell(" ", code, value); }

void ten_answers() {
  std::cout << "---- A loss for ten answers\n\n";
  const Tensor logits = tensor({{1, 2, 3}, {3, 3, 3}});
  const LongTensor targ = long_tensor({2, 0});
  print("softmax(tensor({{1, 2, 3}, {3, 3, 3}}))", logits.exp() / logits.exp().sum(1, true));
  print("literal(logits, long_tensor({2, 0}))", literal(logits, targ));
  const Tensor large = tensor({{89, 88}});
  const LongTensor first = long_tensor({0});
  print("exp(tensor({88, 89}))", tensor({88, 89}).exp());
  print("literal(tensor({{89, 88}}), long_tensor({0}))", literal(large, first));
  print("log_rule(tensor({{89, 88}}), long_tensor({0}))", log_rule(large, first));
  print("log_sum_exp(tensor({{89, 88}}), long_tensor({0}))", log_sum_exp(large, first));
  print("cross_entropy_grad(logits, targ)", cross_entropy_grad(logits, targ));
}

struct Data {
  Dataset train, valid;
};

Data normalised(const Mnist& digits) {
  const Tensor mean = digits.x_train.mean(), std = digits.x_train.std();
  return {{normalize(digits.x_train, mean, std), digits.y_train},
          {normalize(digits.x_valid, mean, std), digits.y_valid}};
}

nn::Sequential new_model(const Data& data, std::uint64_t seed = 42) {
  Generator generator(seed);
  nn::Sequential model = nn::mlp({data.train.x.size(1), kHidden, 10}, generator);
  model.input_grad(false);
  return model;
}

void the_start(const Data& data) {
  std::cout << "---- Where it starts\n\n";
  nn::Sequential model = new_model(data);
  nn::CrossEntropyLoss loss;
  const auto [xb, yb] = data.train[Slice(0, 64)];
  print("model = nn::mlp({784, 50, 10}, generator); loss(model(xb), yb)", loss(model(xb), yb));
  print("model(xb).argmax(1)[:10]", model(xb).argmax(1)(Slice(0, 10)));
  print("yb[:10]", yb(Slice(0, 10)));
  print("accuracy(model(xb), yb)", accuracy(model(xb), yb));
}

std::string two_decimals(double value) { return fmt::format("{:.2f}", value); }

void six_loops(const Data& data) {
  std::cout << "---- The loop, six times\n\n";
  const auto [x, y] = data.train[Slice(0, 1000)];
  std::vector<float> want;
  for (const auto& rung : kLoops) {
    nn::Sequential model = new_model(data);
    const std::vector<float> losses = rung.run(model, x, y, {.epochs = 2, .batch = 64, .lr = 0.1f});
    if (want.empty()) {
      want = losses;
      print("losses = by_hand(model, x, y, {.epochs = 2, .batch = 64, .lr = 0.1f}); len(losses)",
            losses.size());
      print("losses[0], losses[-1]",
            two_decimals(losses.front()) + ", " + two_decimals(losses.back()));
    } else {
      print(std::string(rung.name) + "(...) == losses", to_string(losses == want));
    }
  }
}

std::string listed(const std::vector<LongTensor>& batches) {
  std::string text;
  for (const LongTensor& batch : batches) {
    if (!text.empty()) text += " ";
    text += bracketed(Shape(batch.to_vector()));
  }
  return text;
}

void samplers() {
  std::cout << "---- Whose turn it is\n\n";
  Generator generator(42);
  print("Sampler(10, 3).batches()", listed(Sampler(10, 3).batches()));
  const Sampler shuffled(10, 3, &generator);
  print("shuffled = Sampler(10, 3, &generator); shuffled.batches()", listed(shuffled.batches()));
  print("shuffled.batches()", listed(shuffled.batches()));
}

// What validate() must not do: every batch counts the same, also the last, which is smaller.
double average_of_batches(nn::Module& model, nn::CrossEntropyLoss& loss, const DataLoader& valid) {
  double total = 0, batches = 0;
  for (const auto& [xb, yb] : valid) {
    total += loss(model(xb), yb).item();
    ++batches;
  }
  return total / batches;
}

void fitted(const Data& data) {
  std::cout << "---- fit\n\n";
  nn::Sequential model = new_model(data);
  nn::CrossEntropyLoss loss;
  Optimizer opt(model.parameters(), 0.1f);
  Generator generator(42);
  const DataLoader train(data.train, Sampler(data.train.size(), 64, &generator));
  const DataLoader valid(data.valid, Sampler(data.valid.size(), 64));
  const History history = fit(3, model, loss, opt, train, valid);
  std::string table = "epoch  valid loss  accuracy";
  for (std::size_t i = 0; i < history.valid.size(); ++i) {
    const auto& [valid_loss, right] = history.valid[i];
    table += fmt::format("\n{:5}  {:10.2f}  {:6.0f} %", i + 1, valid_loss, 100 * right);
  }
  print("fit(3, model, loss, opt, train, valid)", table);

  table = "batch  rows in the last  weighted  averaged   off by";
  for (const std::int64_t batch : {64, 300, 512, 900}) {
    const DataLoader loader(data.valid, Sampler(data.valid.size(), batch));
    const double right = validate(model, loss, loader).loss;
    const double wrong = average_of_batches(model, loss, loader);
    table +=
        fmt::format("\n{:5}  {:16}  {:8.4f}  {:8.4f}  {:+6.1f} %", batch,
                    (data.valid.size() - 1) % batch + 1, right, wrong, 100 * (wrong / right - 1));
  }
  print("# the validation loss, by batches of several sizes", table);
}

void walk(const Mnist& digits) {
  std::cout << "The images are " << digits.source << ".\n\n";
  const Data data = normalised(digits);
  ten_answers();
  the_start(data);
  six_loops(data);
  samplers();
  fitted(data);
}

}  // namespace
}  // namespace foundations::ch07

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The code of chapter 07, in its order, and what it prints.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch07::walk(load_digits(dir)); });
}
