// A view operation taken from a fuzzer's bytes, to be done to a tensor and to its model.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/tensor/tensor.h"
#include "fuzz/index_model.h"
#include "fuzz/input.h"

namespace foundations {

struct ViewStep {
  std::string text;  // "select(-1, 3)"
  std::function<LongTensor(const LongTensor&)> on_tensor;
  std::function<MaybeModel(const IndexModel&)> on_model;
};

// Any view of a tensor of this shape, over a storage of that size. Often one that is allowed.
ViewStep draw_view(Input& input, const Shape& shape, std::int64_t storage);

// A shape of `rank` sizes, 1 to `largest` each, and now and then 0.
std::vector<std::int64_t> draw_shape(Input& input, std::int64_t rank, std::int64_t largest);

// The target of a view() or reshape(): as many elements in another shape, one size perhaps -1;
// or anything.
std::vector<std::int64_t> draw_target(Input& input, const Shape& shape);

}  // namespace foundations
