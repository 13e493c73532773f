// Shows a training image and its label.
//
//   bazel run //04_init:look -- 0
//   bazel run //04_init:look -- -1 --mnist_dir=DIR    # the last one of MNIST
#include <charconv>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "04_init/forward.h"
#include "common/base/error.h"
#include "common/base/stdout.h"
#include "common/data/mnist.h"
#include "common/data/picture.h"

namespace foundations::ch04 {
namespace {

std::optional<std::int64_t> whole_number(const char* text) {
  std::int64_t value = 0;
  const char* const end = text + std::strlen(text);
  const auto [stopped, error] = std::from_chars(text, end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

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
  imshow(digits.x_train[index].view({28, 28}));
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) try {
  using namespace foundations::ch04;
  const auto dir = foundations::mnist_dir_flag(argc, argv);
  const std::optional<std::int64_t> index =
      argc == 2 ? whole_number(argv[1]) : std::optional<std::int64_t>();
  if (!index) {
    std::cerr << "look: it takes the number of an image, say 0, and --mnist_dir=DIR\n";
    return 2;
  }
  look(get_data(dir), *index);
  foundations::flush_stdout();
} catch (const std::exception& error) {
  std::cerr << "look: " << error.what() << "\n";
  return 2;
}
