// Digits to learn from: MNIST, or a small set of our own if you do not have MNIST.
//
//   Program program("Shows a digit.");
//   const auto& dir = program.mnist_dir();
//   return program.run(argc, argv, [&] {
//     const Mnist digits = load_digits(dir);
//     std::cout << "data: " << digits.source << "\n";
//     imshow(digits.x_train[0].view(28, 28));
//   });
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/tensor/tensor.h"

namespace foundations {

// x is [n, pixels], one image a row, pixels from 0 to 255/256: bytes / 256, as in the notes. y is
// [n], the digits.
struct Mnist {
  Tensor x_train;
  LongTensor y_train;
  Tensor x_valid;  // the last sixth of the training images, rounded down, in the file's order
  LongTensor y_valid;
  Tensor x_test;
  LongTensor y_test;
  std::string source;  // where the data come from, for a program to print
};

// Reads {train,t10k}-{images-idx3,labels-idx1}-ubyte from the folder `dir`. In each name the dash
// before "idx" may be a dot, and each file may be gzipped (.gz) or not. All images have the same
// size, whatever it is. If both t10k files are missing, the test set has no images. Takes 0.3 s for
// the 70,000 gzipped images. Throws DataError, naming the file, for a missing or malformed file,
// and for a folder or file that may not be opened, with the system's reason.
Mnist load_mnist(const std::string& dir);

// Returns `training` + `test` digits of 28 x 28 pixels drawn by draw_digit(), the same on every
// call. With the default seed the first is a 5, as in MNIST. Takes about 0.1 s for 7,000.
Mnist built_in_digits(std::int64_t training = 6000, std::int64_t test = 1000,
                      std::uint64_t seed = 7);

// Returns MNIST from `dir`, the value of the flag, else from the variable MNIST_DIR. If both are
// unset, or the one that counts is empty, returns the built-in digits. A relative folder is
// relative to where you are, also under `bazel run`. Throws as load_mnist does.
Mnist load_digits(const std::optional<std::string>& dir = std::nullopt);

}  // namespace foundations
