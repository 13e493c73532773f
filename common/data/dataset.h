// Dataset: images and their digits under one name. Derived in 07_train_loop.
//
//   const Dataset train{normalize(digits.x_train, mean, std), digits.y_train};
//   const auto [xb, yb] = train[long_tensor({7, 3})];       // two images and their digits
#pragma once

#include <cstdint>

#include "common/tensor/tensor.h"

namespace foundations {

// The rows of a data set are a smaller data set.
struct Dataset {
  Tensor x;      // [n, ...]
  LongTensor y;  // [n]

  std::int64_t size() const { return x.size(0); }
  // Returns the rows of a slice, which copies nothing, or the rows at these positions, in their
  // order. Throws IndexError for a position that is no row.
  Dataset operator[](const Slice& rows) const { return {x(rows), y(rows)}; }
  Dataset operator[](const LongTensor& rows) const {
    return {x.index_select(0, rows), y.index_select(0, rows)};
  }
};

}  // namespace foundations
