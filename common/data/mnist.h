// Digits to learn from: MNIST, or a small set of our own where it is not at hand.
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

// x is [n, pixels], one image a row, pixels from 0 to 255/256: bytes / 256, as the notes have them.
// y is [n], the digits.
struct Mnist {
  Tensor x_train;
  LongTensor y_train;
  Tensor x_valid;  // the last sixth of the training images, rounded down, in the file's order
  LongTensor y_valid;
  Tensor x_test;
  LongTensor y_test;
  std::string source;  // which data these are, for a program to say
};

// Reads {train,t10k}-{images-idx3,labels-idx1}-ubyte from the folder `dir`, each with a dot for the
// dash before "idx" if need be, and each gzipped (.gz) or not. Images may have any size, but all
// the same. Without both t10k files the test set has no images. Takes 0.3 s for the 70,000 images
// when gzipped. Throws DataError, naming the file, for a missing or malformed one.
Mnist load_mnist(const std::string& dir);

// `training` + `test` digits of 28 x 28 pixels drawn by draw_digit(), the same on every call. With
// the default seed the first is a 5, as in MNIST. Takes about 0.1 s for the default 7,000.
Mnist built_in_digits(std::int64_t training = 6000, std::int64_t test = 1000,
                      std::uint64_t seed = 7);

// MNIST from `dir`, which is what the flag said, else from the variable MNIST_DIR; the built-in
// digits where both are unset, or the one that counts is empty. Relative folders are relative to
// where the user is, also under `bazel run`. Throws as load_mnist does.
Mnist load_digits(const std::optional<std::string>& dir = std::nullopt);

}  // namespace foundations
