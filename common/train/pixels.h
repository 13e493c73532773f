// The pixels of images, brought to mean 0 and deviation 1: where most trainings begin.
//
//   const Pixels pixels = pixel_statistics(digits);
//   const Dataset train = pixels.normalised(digits.x_train, digits.y_train);
#pragma once

#include "common/data/dataset.h"
#include "common/data/mnist.h"
#include "common/tensor/tensor.h"

namespace foundations {

// What images are normalised by: those to learn from, and all others.
struct Pixels {
  Tensor mean, std;

  Dataset normalised(const Tensor& x, const LongTensor& y) const;
};

// Returns the mean and the deviation of all pixels of the training images. Throws DataError if
// there are no images, or only ones that are all alike.
Pixels pixel_statistics(const Mnist& digits);

}  // namespace foundations
