// The arguments of a layer, whatever their number.
#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/tensor/tensor.h"

namespace foundations::ch06 {

// Python's *args. A virtual function cannot be a template, so a layer gets any number of arguments
// as a vector, and unpacks as many as it wants.
using Args = std::vector<Tensor>;

// The N arguments: const auto [inp, targ] = unpack<2>(args);
// Throws std::invalid_argument if there are more or fewer.
template <std::size_t N>
std::array<Tensor, N> unpack(const Args& args) {
  if (args.size() != N) {
    throw std::invalid_argument("the layer takes " + std::to_string(N) + " tensors, but got " +
                                std::to_string(args.size()));
  }
  std::array<Tensor, N> unpacked;
  std::copy(args.begin(), args.end(), unpacked.begin());
  return unpacked;
}

}  // namespace foundations::ch06
