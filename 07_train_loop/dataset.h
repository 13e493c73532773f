// Dataset: what belongs together, images and their digits, under one name.
#pragma once

#include <cstdint>

#include "common/tensor/tensor.h"

namespace foundations::ch07 {

// dataset[rows] are the images and the digits of these rows: a smaller data set.
struct Dataset {
  Tensor x;      // [n, inputs]
  LongTensor y;  // [n]

  std::int64_t size() const { return x.size(0); }
  Dataset operator[](const Slice& rows) const { return {x(rows), y(rows)}; }
  Dataset operator[](const LongTensor& rows) const {
    return {x.index_select(0, rows), y.index_select(0, rows)};
  }
};

}  // namespace foundations::ch07
