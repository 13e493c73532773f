// Shows a training image and its label.
//
//   bazel run //04_init:look -- 0
//   bazel run //04_init:look -- -1 --mnist_dir=DIR    # the last one of MNIST
#include <cstdint>
#include <iostream>
#include <string>

#include "04_init/forward.h"
#include "common/base/error.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/data/picture.h"

namespace foundations::ch04 {
namespace {

// Negative indices count from the end, as everywhere.
void look(const Mnist& digits, std::int64_t index) {
  const std::int64_t n = digits.x_train.size(0);
  if (index < -n || index >= n) {
    throw IndexError("there is no image " + std::to_string(index) + " among the " +
                     std::to_string(n) + " training images of " + digits.source +
                     ", numbered from 0");
  }
  if (digits.x_train.size(1) != 28 * 28) {
    throw DataError(digits.source + ": its images are not of 28 x 28 pixels");
  }
  std::cout << "x_train[" << index << "] of " << digits.source << ", y_train[" << index
            << "] = " << digits.y_train[index].item() << "\n";
  imshow(digits.x_train[index].view(28, 28));
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Shows a training image and its label.");
  std::int64_t index = 0;
  program.argument("index", index, "the number of an image, from 0; negative from the end");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch04::look(ch04::get_data(dir), index); });
}
