// A layout of a given shape, the stranger the better, taken from a fuzzer's bytes: dimensions in
// any order in memory, gaps between them, a start further on, several indices on one element, or
// any strides at all.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "common/tensor/layout.h"
#include "fuzz/input.h"

namespace foundations {

struct DrawnLayout {
  Layout layout;
  std::int64_t storage;  // the elements of storage that it needs
};

inline DrawnLayout draw_layout(Input& input, const Shape& shape) {
  std::vector<std::int64_t> order;  // of the dimensions, the innermost first
  for (std::int64_t d = shape.size() - 1; d >= 0; --d) order.push_back(d);
  DrawnLayout drawn = {{shape, Strides(shape.begin(), shape.end()), 0}, 1};
  const std::uint8_t style = input.byte();  // a bit for each strangeness
  if (style & 1) {
    for (std::size_t n = order.size(); n > 1; --n) {
      std::swap(order[n - 1],
                order[static_cast<std::size_t>(input.between(0, static_cast<int>(n) - 1))]);
    }
  }
  if (style & 2) drawn.layout.offset = input.between(0, 5);
  std::int64_t stride = 1;
  drawn.storage = 1 + drawn.layout.offset;
  for (const std::int64_t d : order) {
    if (style & 4) stride *= input.between(1, 2);
    if (style & 8) stride = input.between(0, 4);
    const bool shared = (style & 16) && input.flag();
    drawn.layout.strides[d] = shared ? 0 : stride;
    if (shared || shape[d] < 2) continue;
    drawn.storage += (shape[d] - 1) * stride;
    stride *= shape[d];
  }
  return drawn;
}

}  // namespace foundations
