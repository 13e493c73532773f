// Augmentation: images that differ a little each time a network sees them.
//
//   const DataLoader train(digits, {.shuffle = &generator, .transform = [&](const Tensor& xb) {
//                                     return random_shift(xb, 2, generator);
//                                   }});
#pragma once

#include <cstdint>

#include "common/tensor/random.h"

namespace foundations {

// Returns the images, all moved down and right by so many whole pixels, -27 to 27. What comes in at
// an edge repeats the edge: paper, also when the pixels are normalised.
//   x: [n, 784] or [n, 1, 28, 28]   returns x's shape
// Throws ShapeError for other shapes, std::invalid_argument for other numbers.
Tensor shift(const Tensor& x, std::int64_t down, std::int64_t right);

// Returns the images, each moved down and right by two whole numbers of pixels, uniform on -by to
// by, as shift() does.
//   x: [n, 784] or [n, 1, 28, 28]   by: 0 to 27   returns x's shape
// Throws ShapeError for other shapes, std::invalid_argument for another `by`. The same generator
// gives the same shifts, on any number of threads.
Tensor random_shift(const Tensor& x, std::int64_t by, Generator& generator);

}  // namespace foundations
