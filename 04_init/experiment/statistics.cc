// Every rule on the validation images, over twenty seeds.
//
//   bazel run //04_init:statistics
//   bazel run //04_init:statistics -- --mnist_dir=DIR
#include <iostream>

#include "04_init/experiment/experiment.h"
#include "common/base/program.h"
#include "common/data/mnist.h"

namespace foundations::ch04 {
namespace {

void show(const Mnist& digits) {
  constexpr std::int64_t kHidden = 50;
  constexpr int kSeeds = 20;
  const Tensor x = validation_images(digits);
  const std::int64_t n = x.size(0), m = x.size(1);
  std::cout << "data: " << digits.source << "\n\n"
            << "x_valid [" << n << ", " << m << "] @ w1 [" << m << ", " << kHidden
            << "]: mean+-sd over " << kSeeds << " seeds; m in, nh out\n"
            << first_layer_table(x, kHidden, kSeeds);
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Every rule on the validation images, over twenty seeds.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch04::show(ch04::get_data(dir)); });
}
