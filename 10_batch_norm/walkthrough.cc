// The lesson's code in its order, and what it prints.
//
//   bazel run //10_batch_norm:walkthrough
#include <fmt/core.h>

#include <iostream>
#include <string>
#include <vector>

#include "10_batch_norm/batch_norm.h"
#include "10_batch_norm/layer.h"
#include "10_batch_norm/lsuv.h"
#include "10_batch_norm/net.h"
#include "common/base/cell.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch10 {
namespace {

constexpr std::int64_t kBatch = 512;

struct Images {
  Tensor x;
  LongTensor y;
};

Images images() {
  const Mnist digits = built_in_digits(kBatch * 6 / 5 + 6, 0);
  const Tensor x = normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std());
  return {x.slice(0, 0, kBatch).view(-1, 1, 28, 28), digits.y_train.slice(0, 0, kBatch)};
}

// Returns the deviation of what each layer hands on, before it gets there.
std::string deviations(const Layers& layers, const Images& batch) {
  std::string text;
  Tensor x = batch.x;
  for (const auto& layer : layers) {
    x = (*layer)(x);
    const std::string name = layer->name();
    if (name == "ReLU" || name == "BatchNorm2d") text += fmt::format("{:7.2g}", x.std().item());
  }
  return text + fmt::format("{:9.2g}", cross_entropy(x, batch.y).item());
}

void step(const Layers& layers, const Images& batch, double lr) {
  nn::Sequential model(layers);
  nn::CrossEntropyLoss loss;
  loss(model(batch.x), batch.y);
  model.backward(loss.backward());
  for (const Tensor& p : model.parameters()) p -= lr * p.grad();
  model.zero_grad();
}

void drift(const Images& batch, bool batch_norm) {
  std::cout << fmt::format("{:11}layer 1      2      3      4      5     loss\n",
                           batch_norm ? "batch norm" : "without");
  Generator generator(1);
  const Layers all = layers({8, 16, 32, 64, 64}, batch_norm, generator);
  for (int i = 0; i <= 6; ++i) {
    if (i > 0) step(all, batch, 1);
    const std::string when = i == 0 ? "start" : fmt::format("step {}", i);
    std::cout << fmt::format("{:11}{}\n", when, deviations(all, batch));
  }
  std::cout << "\n";
}

void forward() {
  std::cout << "---- Forward\n\n";
  const Tensor x = tensor({{1, 10}, {2, 20}, {3, 60}});
  nn::BatchNorm1d bn(2);
  cell(" ", "x", x);
  cell(" ", "bn = nn::BatchNorm1d(2); bn(x)", bn(x));
  cell(" ", "bn(100 * x + 7)", bn(100 * x + 7));
}

void training_and_eval() {
  std::cout << "---- Training and eval\n\n";
  const Tensor x = tensor({{1, 10}, {2, 20}, {3, 60}});
  BatchNorm bn(2);
  bn(x);
  cell(" ", "x.mean(0), x.var(0)", tuple_string(x.mean(0), x.var(0)));
  std::string named;
  for (const auto& [name, buffer] : bn.named_buffers())
    named += name + " " + to_string(buffer) + "\n";
  named.pop_back();
  cell(" ", "bn(x); bn.named_buffers()", named);
  refused(" ", "bn(x[:1])", [&] { bn(x.slice(0, 0, 1)); });
  bn.eval();
  cell(" ", "bn.eval(); bn(x[:1])", bn(x.slice(0, 0, 1)));
}

void backward() {
  std::cout << "---- Backward\n\n";
  Generator generator(2);
  const Tensor x = randn({6, 2}, generator), out_grad = randn({6, 2}, generator);
  const Tensor x_grad = three_terms(x, ones(2), full({2}, 9), out_grad).grads.x;
  const auto is_zero = [](const Tensor& t) { return t.abs().max().item() < 1e-4; };
  cell(" ", "out_grad.sum(0)", out_grad.sum(0));
  cell(" ", "test_near(x_grad.sum(0), 0), test_near((x_grad * x).sum(0), 0)",
       tuple_string(is_zero(x_grad.sum(0)), is_zero((x_grad * x).sum(0))));
}

void two() {
  std::cout << "---- A batch of two\n\n";
  cell(" ", "nn::BatchNorm1d(3)(tensor({{3, 100, 0.1}, {5, -100, 0.2}}))",
       nn::BatchNorm1d(3)(tensor({{3, 100, 0.1}, {5, -100, 0.2}})));
}

void lsuv_scales(const Images& batch) {
  std::cout << "---- LSUV\n\n"
            << "           layer 1      2      3      4      5     loss\n";
  Generator generator(1);
  const Layers all = layers({8, 16, 32, 64, 64}, false, generator);
  std::cout << "Kaiming    " << deviations(all, batch) << "\n";
  lsuv(all, batch.x);
  std::cout << "LSUV       " << deviations(all, batch) << "\n";
}

}  // namespace
}  // namespace foundations::ch10

int main(int argc, char** argv) {
  using namespace foundations;
  using namespace foundations::ch10;
  Program program("The lesson's code in its order, and what it prints.");
  return program.run(argc, argv, [] {
    set_threads(1);  // sums in one order, whatever the machine
    const Images batch = images();
    std::cout
        << "---- The deviation of what each layer hands on: 512 digits, steps at a rate of 1\n\n";
    drift(batch, false);
    drift(batch, true);
    forward();
    training_and_eval();
    backward();
    two();
    lsuv_scales(batch);
  });
}
