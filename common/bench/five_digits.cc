#include "common/bench/five_digits.h"

#include <string>

#include "common/base/error.h"
#include "common/data/mnist.h"
#include "common/tensor/random.h"

namespace foundations {

MatmulProblem five_digits(int& argc, char** argv) {
  const Mnist digits = load_digits(mnist_dir_flag(argc, argv));
  if (digits.x_train.size(0) < 5) {
    throw DataError(digits.source + ": has only " + std::to_string(digits.x_train.size(0)) +
                    " training images, and five are needed");
  }
  Generator generator(42);
  return {"five images of " + digits.source, digits.x_train.slice(0, 0, 5),
          randn({digits.x_train.size(1), 10}, generator)};
}

}  // namespace foundations
