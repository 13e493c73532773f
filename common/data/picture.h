// Pictures of a matrix, as matplotlib's imshow with the grey colour map: the least element black,
// the greatest white, whatever they are. So a digit looks the same before and after normalisation.
//
//   imshow(x_train[0].view(28, 28));               // to the terminal
//   imsave("digit.png", x_train[0].view(28, 28));  // to a file
//
// NaN is drawn like the least element, and so is everything in a matrix of equal elements. Infinite
// elements are black or white and leave the others their range. Any strides will do; all three
// throw ShapeError for what has not two dimensions.
#pragma once

#include <string>

#include "common/tensor/tensor.h"

namespace foundations {

enum class Style {
  kAscii,           // ten characters from blank to @, two for each pixel
  kHalfBlocks,      // the upper and lower halves of UTF-8 blocks, on or off: two rows a line
  kGreyHalfBlocks,  // the same in a terminal's 24 greys
};

// What standard output can show: grey blocks on a terminal, blocks in a file, ASCII where the
// locale (LC_ALL, else LC_CTYPE, else LANG) is not a UTF-8 one.
Style style_of_stdout();

// image: [rows, columns]. Lines that each end in a newline, without trailing blanks.
std::string picture(const Tensor& image, Style style);

// Prints the picture.
void imshow(const Tensor& image, Style style = style_of_stdout());

// Writes an 8-bit grey file of one pixel for each element, by the ending of its name: .pgm or .png.
// A file of that name is replaced, whole or not at all. Throws DataError for another ending and for
// a file that cannot be written, ShapeError for an image without pixels.
void imsave(const std::string& path, const Tensor& image);

}  // namespace foundations
