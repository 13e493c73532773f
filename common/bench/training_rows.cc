#include "common/bench/training_rows.h"

#include <algorithm>

#include "common/base/error.h"
#include "common/tensor/ops.h"

namespace foundations {

TrainingRows training_rows(const Mnist& digits, std::int64_t n) {
  const Tensor& images = digits.x_train;
  if (images.numel() == 0) throw DataError(digits.source + " has no training images");
  const Tensor x_train = (images - images.mean()) / images.std();
  const Tensor y_train = digits.y_train.to<float>();
  const TrainingRows rows = {empty(n, images.size(1)), empty(n)};
  for (std::int64_t row = 0, next = 0; row < n; row = next) {
    next = std::min(row + images.size(0), n);
    rows.x.slice(0, row, next).copy_(x_train.slice(0, 0, next - row));
    rows.y.slice(0, row, next).copy_(y_train.slice(0, 0, next - row));
  }
  return rows;
}

}  // namespace foundations
