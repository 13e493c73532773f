// The lesson's code in its order, and what it prints.
//
//   bazel run //10_batch_norm:walkthrough
#include <fmt/core.h>

#include <iostream>
#include <string>
#include <vector>

#include "10_batch_norm/batch_norm.h"
#include "10_batch_norm/lsuv.h"
#include "10_batch_norm/net.h"
#include "common/base/cell.h"
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

// Returns the deviation of what each convolution makes of x, for Python's eyes.
std::string deviations(const Layers& layers, const Tensor& x) {
  std::string text;
  Tensor out = x;
  for (const auto& layer : layers) {
    out = (*layer)(out);
    if (layer->name() == "Conv2d") text += fmt::format("{:8.2f}", out.std().item());
  }
  return text;
}

void step(const Layers& layers, const Images& batch, double lr) {
  nn::Sequential model(layers);
  nn::CrossEntropyLoss loss;
  loss(model(batch.x), batch.y);
  model.backward(loss.backward());
  for (const Tensor& p : model.parameters()) p -= lr * p.grad();
}

void drift(const Images& batch) {
  std::cout << "---- The deviation of each convolution's output, 512 digits\n\n";
  std::cout << "8-16-32-64-64            layer 1 layer 2 layer 3 layer 4 layer 5\n";
  Generator generator(1);
  const Layers all = layers({8, 16, 32, 64, 64}, false, generator);
  std::cout << "Kaiming's start        " << deviations(all, batch.x) << "\n";
  for (int i = 1; i <= 12; ++i) {
    step(all, batch, 1);
    std::cout << fmt::format("after {} steps at rate 1", i) << deviations(all, batch.x) << "\n";
  }
  std::cout << "\n";
}

void forward() {
  std::cout << "---- Forward\n\n";
  const Tensor x = tensor({{1, 10}, {2, 20}, {3, 60}});
  nn::BatchNorm1d bn(2);
  cell(" ", "bn = nn::BatchNorm1d(2); bn(x)", bn(x));
  cell(" ", "bn(100 * x + 7)", bn(100 * x + 7));
  nn::BatchNorm1d fresh(2);
  fresh(x);
  cell(" ", "x.mean(0), x.var(0)", tuple_string(x.mean(0), x.var(0)));
  cell(" ", "running_mean, running_var of a fresh bn, after bn(x)",
       tuple_string(fresh.named_buffers()[0].second, fresh.named_buffers()[1].second));
  refused(" ", "bn(x[:1])", [&] { bn(x.slice(0, 0, 1)); });
  bn.eval();
  cell(" ", "bn.eval(); bn(x[:1])", bn(x.slice(0, 0, 1)));
}

void backward() {
  std::cout << "---- Backward\n\n";
  Generator generator(2);
  const Tensor x = randn({6, 2}, generator), g = randn({6, 2}, generator);
  const Tensor x_grad = fused(x, ones(2), zeros(2), g).grads.x;
  const auto rounded = [](const Tensor& t) { return t + 10 - 10; };  // to 1e-6
  cell(" ", "x_grad.sum(0), (x_grad * x).sum(0)",
       tuple_string(rounded(x_grad.sum(0)), rounded((x_grad * x).sum(0))));
}

}  // namespace
}  // namespace foundations::ch10

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The lesson's code in its order, and what it prints.");
  return program.run(argc, argv, [] {
    const ch10::Images batch = ch10::images();
    ch10::drift(batch);
    ch10::forward();
    ch10::backward();
  });
}
