// How long it takes to send the training images through the network once: by this chapter's
// functions, and by those of common.
//
//   bazel run //04_init:benchmark
//   bazel run //04_init:benchmark -- --mnist_dir=DIR
#include <algorithm>
#include <string>
#include <vector>

#include "04_init/forward.h"
#include "04_init/init.h"
#include "common/bench/ladder.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"

namespace foundations::ch04 {
namespace {

constexpr std::int64_t kHidden = 50;

Tensor by_common(const Model& model, const Tensor& x) {
  const Tensor l1 = foundations::lin(x, model.w1, model.b1);
  return foundations::lin(foundations::relu(l1, model.shift), model.w2, model.b2);
}

Answer in_double(const Model& model, const Tensor& x) {
  const DoubleTensor l1 = reference_matmul(x, model.w1) + model.b1.to<double>();
  const DoubleTensor l2 = l1.clamp_min(0) - model.shift;
  const DoubleTensor want = reference_matmul(l2, model.w2.to<double>()) + model.b2.to<double>();
  return {want, full<double>(want.shape(), 1e-4)};
}

Ladder forward(const Tensor& x, const std::string& source) {
  const std::int64_t n = x.size(0), m = x.size(1), checked = std::min<std::int64_t>(n, 20);
  Generator generator(42);
  const Model model = make_model(m, kHidden, kaiming_normal, generator);
  const Check first = held_to([=] { return in_double(model, x.slice(0, 0, checked)); });
  const Check check = [=](const Tensor& out) { return first(out.slice(0, 0, checked)); };
  const Work work = {.flops = 2.0 * static_cast<double>(n) * kHidden * static_cast<double>(m + 1)};
  Ladder ladder = {.chapter = "04_init",
                   .problem = "forward pass of " + std::to_string(n) + "x" + std::to_string(m) +
                              "x" + std::to_string(kHidden) + "x1, " + source,
                   .sizes = {{"n", n}},
                   .memory = true};
  ladder.add(
      "model", [=] { return model(x); }, check, work);
  ladder.add(
      "nn", [=] { return by_common(model, x); }, check, work);
  return ladder;
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times one pass through the network.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] {
    const Mnist digits = ch04::get_data(dir);
    return std::vector{ch04::forward(digits.x_train, digits.source)};
  });
}
