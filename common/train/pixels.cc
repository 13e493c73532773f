#include "common/train/pixels.h"

#include "common/base/error.h"
#include "common/nn/functional.h"

namespace foundations {

Dataset Pixels::normalised(const Tensor& x, const LongTensor& y) const {
  return {normalize(x, mean, std), y};
}

Pixels pixel_statistics(const Mnist& digits) {
  const Pixels pixels{digits.x_train.mean(), digits.x_train.std()};
  if (!(pixels.std.item() > 0)) {
    throw DataError(digits.source + ": has no training images, or only ones that are all alike");
  }
  return pixels;
}

}  // namespace foundations
