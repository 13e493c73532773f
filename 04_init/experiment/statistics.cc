// Every rule on the validation images, over twenty seeds.
//
//   bazel run //04_init:statistics
//   bazel run //04_init:statistics -- --mnist_dir=DIR
#include <exception>
#include <iostream>

#include "04_init/experiment.h"
#include "common/base/error.h"
#include "common/base/stdout.h"
#include "common/data/mnist.h"

int main(int argc, char** argv) try {
  using namespace foundations::ch04;
  using foundations::Tensor;
  const auto dir = foundations::mnist_dir_flag(argc, argv);
  if (argc > 1) {
    std::cerr << "statistics: unknown argument " << argv[1] << "; it takes --mnist_dir=DIR\n";
    return 2;
  }
  constexpr std::int64_t kHidden = 50;
  constexpr int kSeeds = 20;
  const foundations::Mnist digits = get_data(dir);
  if (digits.x_valid.size(0) < 2) {
    throw foundations::DataError(digits.source + ": has fewer than two images to validate on");
  }
  const Tensor x = normalize(digits.x_valid, digits.x_train.mean(), digits.x_train.std());
  const std::int64_t n = x.size(0), m = x.size(1);
  std::cout << "data: " << digits.source << "\n\n"
            << "x_valid [" << n << ", " << m << "] @ w1 [" << m << ", " << kHidden
            << "]: mean+-sd over " << kSeeds << " seeds; m in, nh out\n"
            << first_layer_table(x, kHidden, kSeeds) << "\n"
            << "The whole model, w2 [" << kHidden << ", 1]\n"
            << whole_model_table(x, digits.y_valid.to<float>(), kHidden, kSeeds);
  foundations::flush_stdout();
} catch (const std::exception& error) {
  std::cerr << "statistics: " << error.what() << "\n";
  return 2;
}
