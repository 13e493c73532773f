// Four ways to start, and what a network of ten relu layers learns from each in 100 steps.
//
//   bazel run //04_init:learns
//   bazel run //04_init:learns -- --mnist_dir=DIR
#include <fmt/core.h>

#include <iostream>
#include <string_view>
#include <utility>

#include "04_init/experiment/learn.h"
#include "04_init/forward.h"
#include "common/base/error.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/data/mnist.h"

namespace foundations::ch04 {
namespace {

constexpr std::pair<std::string_view, DrawWeights> kStarts[] = {{"small", small},
                                                                {"unscaled", unscaled},
                                                                {"simplified", simplified},
                                                                {"kaiming_normal", kaiming_normal}};

void show(const Mnist& digits) {
  constexpr int kRows = 2000, kSteps = 100;
  if (digits.x_train.size(0) < kRows) {
    throw DataError(digits.source + ": has fewer than 2,000 images to train on");
  }
  const Tensor x =
      normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std()).slice(0, 0, kRows);
  const LongTensor y = digits.y_train.slice(0, 0, kRows);
  std::cout << "Ten relu layers of 64 and an output layer, 100 steps on 2,000 " << digits.source
            << "\n\nstart           gradient   loss  accuracy\n";
  for (const auto& [name, draw] : kStarts) {
    Generator generator(0);
    const Learnt learnt = learn(draw, x, y, kSteps, generator);
    std::cout << fmt::format("{:<15} {:>8.2g}  {:>5.2f}  {:>6.0f} %\n", name, learnt.gradient,
                             learnt.loss, 100 * learnt.accuracy)
              << std::flush;
  }
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) {
  using namespace foundations;
  set_threads(1);  // small products: threads would wait for one another
  Program program("Four ways to start, and what a network learns from each.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch04::show(ch04::get_data(dir)); });
}
