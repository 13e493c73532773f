// The work that the notes time: five digit images times a matrix of weights.
#pragma once

#include "common/bench/ladder.h"

namespace foundations {

// [5, 784] x [784, 10]: the first five training images and standard normal weights. Takes
// --mnist_dir=DIR out of a program's arguments; reads the images as load_digits() in mnist.h does,
// and throws what it throws.
MatmulProblem five_digits(int& argc, char** argv);

// The line for --help on the flag that five_digits() takes.
inline constexpr std::string_view kFiveDigitsFlags =
    "  [--mnist_dir=DIR]    real MNIST in place of the built-in digits (or set MNIST_DIR)\n";

}  // namespace foundations
