// Pictures from files, and a digit of your own made one like MNIST's.
//
//   const Tensor grey = imread("seven.png");            // [rows, columns], black 0 to white 1
//   const DigitSteps steps = like_mnist(grey);
//   imshow(steps.centred);                              // [28, 28], ink 255/256 on paper 0
#pragma once

#include <string>

#include "common/tensor/tensor.h"

namespace foundations {

// Reads a PNG of any kind (grey, colour, palette, 8 or 16 bits) or a PGM, and returns its greys,
// 0 for black to 1 for white. What is transparent is white. Throws DataError, naming the file,
// where it is missing or neither, and for more than kMaxPixels.
inline constexpr std::int64_t kMaxPixels = 100'000'000;
Tensor imread(const std::string& path);

// How a picture of one digit becomes an image like MNIST's. Each step is made of the one before.
struct DigitSteps {
  bool dark_on_light;  // as the border of the picture tells
  Tensor ink;          // [rows, columns]   ink 1, paper 0
  Tensor cropped;      // the smallest part that holds all the ink
  Tensor scaled;       // its longer side is 20
  Tensor centred;      // [28, 28]   its centre of mass in the middle, 0 to 255/256
};

// Takes a picture of one digit, dark on light or light on dark, of any size. Throws DataError where
// there is no ink in it, and ShapeError unless it has rows and columns. Source:
// yann.lecun.com/exdb/mnist, "The images were size-normalized".
DigitSteps like_mnist(const Tensor& grey);

}  // namespace foundations
