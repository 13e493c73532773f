// Dataset: images and their digits under one name. Derived in 07_train_loop.
//
//   const Dataset train{normalize(digits.x_train, mean, std), digits.y_train};
//   const auto [xb, yb] = train[long_tensor({7, 3})];       // two images and their digits
#pragma once

#include <cstdint>

#include "common/tensor/tensor.h"

namespace foundations {

struct Batch {
  Tensor x;      // [n, ...]
  LongTensor y;  // [n]
};

// The data set too is x: [n, ...] and y: [n].
struct Dataset {
  Tensor x;
  LongTensor y;

  std::int64_t size() const { return x.size(0); }
  // Returns the rows of a slice, which copies nothing, or the rows at these positions, in their
  // order. Throws IndexError for a position that is no row.
  Batch operator[](const Slice& rows) const { return {x(rows), y(rows)}; }
  Batch operator[](const LongTensor& rows) const {
    return {x.index_select(0, rows), y.index_select(0, rows)};
  }
};

}  // namespace foundations
