// Pictures of a matrix, like matplotlib's imshow with the grey colour map: the least element is
// black, the greatest white. So a digit looks the same before and after normalisation.
//
//   imshow(x_train[0].view(28, 28));               // to the terminal
//   imsave("digit.png", x_train[0].view(28, 28));  // to a file
//
// NaN is black, and so is everything in a matrix of equal elements. Infinite elements are black or
// white and do not change the range of the others. Any strides will do. All three functions throw
// ShapeError for a tensor that does not have two dimensions.
#pragma once

#include <string>

#include "common/tensor/tensor.h"

namespace foundations {

enum class Style {
  kAscii,           // ten characters from blank to @, two for each pixel
  kHalfBlocks,      // the upper and lower halves of UTF-8 blocks, on or off: two rows a line
  kGreyHalfBlocks,  // the same in a terminal's 24 greys
};

// Returns the style for standard output: grey blocks on a terminal that takes colours (terminal.h),
// blocks on other terminals and in a file, ASCII if the locale (LC_ALL, else LC_CTYPE, else LANG)
// is not UTF-8.
Style style_of_stdout();

// Returns the picture, in lines that end in a newline, without trailing blanks.
// image: [rows, columns]
std::string picture(const Tensor& image, Style style);

// Prints the picture.
void imshow(const Tensor& image, Style style = style_of_stdout());

// Writes an 8-bit grey file with a pixel for each element, a .pgm or .png by the ending of `path`.
// Replaces an existing file, whole or not at all. Throws DataError for another ending and for a
// file that cannot be written, ShapeError for an image without pixels.
void imsave(const std::string& path, const Tensor& image);

}  // namespace foundations
