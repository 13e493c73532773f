// How long it takes to draw the weights, and to send the training images through the network once:
// this chapter's forms beside those of common.
//
//   bazel run //04_init:benchmark
//   bazel run //04_init:benchmark -- --mnist_dir=DIR
#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "04_init/forward.h"
#include "04_init/init.h"
#include "common/bench/ladder.h"
#include "common/data/mnist.h"
#include "common/nn/init.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"

namespace foundations::ch04 {
namespace {

constexpr std::int64_t kHidden = 50;

// ---- Weights ----

LadderRung drawing(const std::string& name, const std::function<Tensor(Generator&)>& draw,
                   std::int64_t size) {
  const auto setup = [=] {
    const auto generator = std::make_shared<Generator>(42);
    return Trial{[=] { draw(*generator); },
                 [=]() -> std::string {
                   const double largest = draw(*generator).abs().max().item();
                   return largest > 0 && std::isfinite(largest) ? "" : "draws no random numbers";
                 }};
  };
  return {.name = name, .setup = setup, .bytes = 4.0 * static_cast<double>(size * size)};
}

Ladder weights(std::int64_t size) {
  std::vector<LadderRung> rungs;
  for (const Rule& rule : kRules) {
    rungs.push_back(drawing(
        std::string(rule.name),
        [=, draw = rule.weights](Generator& g) { return draw(size, size, g); }, size));
  }
  const Tensor w = empty({size, size});
  rungs.push_back(drawing(
      "kaiming_normal_", [=](Generator& g) { return kaiming_normal_(w, g); }, size));
  rungs.push_back(drawing(
      "kaiming_uniform_", [=](Generator& g) { return kaiming_uniform_(w, g); }, size));
  return {.chapter = "04_init",
          .problem = "weights of " + std::to_string(size) + "x" + std::to_string(size),
          .sizes = {{"rows", size}, {"columns", size}},
          .rungs = rungs};
}

// ---- The forward pass ----

Tensor by_common(const Model& model, const Tensor& x) {
  const Tensor l1 = foundations::lin(x, model.w1, model.b1);
  return foundations::lin(foundations::relu(l1, model.shift), model.w2, model.b2);
}

// Worked out in double, for the first rows.
std::string fault(const Tensor& out, const Model& model, const Tensor& x) {
  const std::int64_t rows = std::min<std::int64_t>(x.size(0), 20);
  const Tensor first = x.slice(0, 0, rows);
  const DoubleTensor l1 = reference_matmul(first, model.w1) + model.b1.to<double>();
  const DoubleTensor l2 = l1.clamp_min(0) - model.shift;
  const DoubleTensor want = reference_matmul(l2, model.w2.to<double>()) + model.b2.to<double>();
  return mismatch(out.slice(0, 0, rows), want, full<double>(want.shape(), 1e-4));
}

Ladder forward(const Tensor& x, const std::string& source) {
  const std::int64_t n = x.size(0), m = x.size(1);
  Generator generator(42);
  const Model model = make_model(m, kHidden, kaiming_normal, generator);
  const double flops = 2.0 * static_cast<double>(n) * kHidden * static_cast<double>(m + 1);
  const auto rung = [&](const std::string& name, const std::function<Tensor()>& run) {
    return LadderRung{.name = name,
                      .setup =
                          [=] {
                            return Trial{[=] { run(); }, [=] { return fault(run(), model, x); }};
                          },
                      .flops = flops};
  };
  return {.chapter = "04_init",
          .problem = "forward pass of " + std::to_string(n) + "x" + std::to_string(m) + "x" +
                     std::to_string(kHidden) + "x1, " + source,
          .sizes = {{"n", n}},
          .rungs = {rung("model", [=] { return model(x); }),
                    rung("nn", [=] { return by_common(model, x); })},
          .memory = true};
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) try {
  using namespace foundations;
  const Mnist digits = ch04::get_data(mnist_dir_flag(argc, argv));
  return ladder_main(
      argc, argv, {ch04::weights(512), ch04::forward(digits.x_train, digits.source)},
      {.own_flags = "  [--mnist_dir=DIR]    real MNIST in place of the built-in digits (or set "
                    "MNIST_DIR)\n"});
} catch (const std::exception& error) {
  std::cerr << "benchmark: " << error.what() << "\n";
  return 2;
}
