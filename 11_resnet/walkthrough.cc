// The README's code, in its order.
//
//   bazel run //11_resnet:walkthrough
#include <fmt/core.h>

#include <cmath>
#include <iostream>
#include <string>
#include <string_view>

#include "11_resnet/res_block.h"
#include "common/base/cell.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch11 {
namespace {

void print(std::string_view code, const auto& value) { cell(" ", code, value); }

struct Batch {
  Tensor x;
  LongTensor y;
};

// The same on every machine: the built-in digits.
Batch digits() {
  const Mnist all = built_in_digits(256, 1);
  return {(all.x_train - all.x_train.mean()) / all.x_train.std(), all.y_train};
}

double norm(const Tensor& x) { return std::sqrt(static_cast<double>((x * x).sum().item())); }

double first_gradient(nn::Sequential& model, const Batch& batch) {
  nn::CrossEntropyLoss loss;
  loss(model(batch.x), batch.y);
  model.backward(loss.backward());
  return norm(model.parameters().front().grad());
}

void gradients_grow(const Batch& batch) {
  std::cout << "---- Deeper, without skips\n\n";
  std::string table = "layers  gradient";
  for (const int blocks : {1, 3, 7}) {
    Generator generator(1);
    nn::Sequential model = network(plain, 8, three_stages(blocks), generator);
    table += fmt::format("\n{:6}  {:8.2g}", 6 * blocks + 2, first_gradient(model, batch));
  }
  print("# the norm of the gradient by the first layer's weights", table);
}

void the_skip() {
  std::cout << "---- The skip\n\n";
  Generator generator(1);
  const auto block = skip(2, 2, 1, generator);
  const Tensor x = rand({1, 2, 2, 2}, generator), g = ones(1, 2, 2, 2);
  print("block = skip(2, 2, 1, generator); block(x).shape", to_string((*block)(x).shape()));
  for (const Tensor& p : block->parameters()) p.zero_();
  print("for p in block.parameters(): p.zero_()\nblock(x) == x",
        to_string(((*block)(x) == x).to<float>().mean().item() == 1));
  print("block.backward(ones(1, 2, 2, 2))", block->backward(g));
}

void any_shapes() {
  std::cout << "---- Other shapes\n\n";
  Generator generator(1);
  const Tensor x = randn({4, 16, 7, 7}, generator);
  const auto block = any_shape(16, 32, 2, generator);
  print("any_shape(16, 32, 2, generator)(x).shape", to_string((*block)(x).shape()));
}

void the_start(const Batch& batch) {
  std::cout << "---- Begin shallow\n\n";
  std::string table = "layers   plain    skip  zero init";
  for (const int blocks : {1, 3, 7}) {
    table += fmt::format("\n{:6}", 6 * blocks + 2);
    for (Make* make : {plain, any_shape, zero_init}) {
      Generator generator(1);
      nn::Sequential model = network(make, 8, three_stages(blocks), generator);
      table += fmt::format("{:8.2g}", first_gradient(model, batch));
    }
  }
  print("# the same norms", table);
  Generator generator(1);
  nn::Sequential model = nn::resnet({784, 8, 16, 32, 64, 10}, generator);
  nn::CrossEntropyLoss loss;
  std::int64_t numbers = 0;
  for (const Tensor& p : model.parameters()) numbers += p.numel();
  print("model = nn::resnet({784, 8, 16, 32, 64, 10}, generator); numel(model.parameters())",
        std::to_string(numbers));
  print("loss(model(x), y)", fmt::format("{:.1f}", loss(model(batch.x), batch.y).item()));
}

void walk() {
  set_threads(1);  // many small parts: on a busy machine, waiting for others takes longer
  const Batch batch = digits();
  gradients_grow(batch);
  the_skip();
  any_shapes();
  the_start(batch);
}

}  // namespace
}  // namespace foundations::ch11

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The code of chapter 11, in its order, and what it prints.");
  return program.run(argc, argv, [&] { ch11::walk(); });
}
