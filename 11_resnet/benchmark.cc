// How long a residual block and a training step take, in the chapter's form and in common's.
//
//   bazel run //11_resnet:benchmark
#include <memory>
#include <string>
#include <vector>

#include "11_resnet/res_block.h"
#include "common/bench/ladder.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::ch11 {
namespace {

constexpr std::int64_t kBatch = 256;

// The block in double: relu(bn2(conv2(relu(bn1(conv1(x))))) + id(x)), or without the id.
DoubleTensor in_double(const nn::Module& block, const Tensor& x, bool with_id) {
  std::vector<DoubleTensor> p;
  for (const Tensor& parameter : block.parameters()) p.push_back(parameter.to<double>());
  const DoubleTensor none, inp = x.to<double>();
  const auto norm = [&](const DoubleTensor& y, std::size_t i) {
    const DoubleTensor running = zeros<double>(y.size(1));
    return batch_norm_train(y, {p[i], p[i + 1], running, running.clone()}).out;
  };
  const DoubleTensor l1 = relu(norm(conv2d(inp, p[0], none, {.padding = 1}), 1));
  const DoubleTensor l2 = norm(conv2d(l1, p[3], none, {.stride = 2, .padding = 1}), 4);
  if (!with_id) return relu(l2);
  return relu(l2 + conv2d(avg_pool2d(inp, 2, {.ceil_mode = true}), p[6], none));
}

// Forward and back through one block of the network: 16 channels to 32 with stride 2, at 14 x 14.
Ladder block() {
  Generator generator(1);
  const Tensor x = randn({kBatch, 16, 14, 14}, generator);
  const Tensor g = randn({kBatch, 32, 7, 7}, generator);
  Ladder ladder = {.chapter = "11_resnet/block",
                   .problem = "forward and back through a block, 256x16x14x14 to 32x7x7",
                   .sizes = {{"n", kBatch}},
                   .memory = true};
  const auto add = [&](std::string_view name, const std::shared_ptr<nn::Module>& module) {
    const auto run = [=] {
      (*module)(x);
      module->zero_grad();
      module->backward(g);
    };
    const auto fault = [=, with_id = name != "plain"] {
      const DoubleTensor want = in_double(*module, x, with_id);
      return mismatch((*module)(x), want, full<double>(want.shape(), 1e-3));
    };
    ladder.rungs.push_back({std::string(name), run, fault});
  };
  for (const auto& rung : kBlocks) {
    if (rung.run != skip) add(rung.name, rung.run(16, 32, 2, generator));
  }
  add("common", std::make_shared<nn::ResBlock>(16, 32, 2, generator));
  return ladder;
}

// A step of the training: forward, loss and back, AdamW.
Ladder step() {
  Generator generator(2);
  const Tensor x = randn({kBatch, 784}, generator);
  const LongTensor y = randint(0, 10, {kBatch}, generator);
  Ladder ladder = {.chapter = "11_resnet/step",
                   .problem = "a step of 256 images",
                   .sizes = {{"n", kBatch}},
                   .threads = {1, 2},
                   .memory = true};
  const auto add = [&](const std::string& name, nn::Sequential made) {
    const auto model = std::make_shared<nn::Sequential>(std::move(made));
    model->input_grad(false);
    const auto opt = std::make_shared<optim::AdamW>(model->parameters(), optim::AdamWOptions{});
    const auto loss = std::make_shared<nn::CrossEntropyLoss>();
    const auto run = [=] {
      const double value = (*loss)((*model)(x), y).item();
      model->backward(loss->backward());
      opt->step();
      opt->zero_grad();
      return value;
    };
    ladder.rungs.push_back({name, run, [=] {
                              const double first = run(), second = run();
                              return second < first ? std::string() : "the loss does not fall";
                            }});
  };
  add("chapter", network(zero_init, 8, {{16, 2}, {32, 2}, {64, 2}}, generator));
  add("common", nn::resnet({784, 8, 16, 32, 64, 10}, generator));
  return ladder;
}

}  // namespace
}  // namespace foundations::ch11

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times a residual block and a training step in chapter 11's form.");
  return program.run(argc, argv, [] { return std::vector{ch11::block(), ch11::step()}; });
}
