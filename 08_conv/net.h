// The chapter's network: four convolutions of stride 2, each with a relu behind it, and the mean of
// each channel into a linear layer.
//
//   [n, 784]  [n, 1, 28, 28]  [n, 8, 14, 14]  [n, 16, 7, 7]  [n, 32, 4, 4]  [n, 32, 2, 2]  [n, 10]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/nn/nn.h"

namespace foundations::ch08 {

// How it begins.
struct Start {
  std::string name;
  bool kaiming = true;               // or as PyTorch's Conv2d begins
  nn::GeneralReluOptions relu = {};  // plain, unless something is set
};

inline const Start kStarts[] = {
    {.name = "default", .kaiming = false},
    {.name = "Kaiming"},
    {.name = "Kaiming, shifted relu", .relu = {.leak = 0.1, .sub = 0.4, .max = 6}},
};

nn::Sequential net(const Start& start, Generator& generator);

// The layers of the net of one kind, first to last: layers_of<nn::Conv2d>(model).
template <class Layer>
std::vector<std::shared_ptr<Layer>> layers_of(const nn::Module& model) {
  std::vector<std::shared_ptr<Layer>> found;
  for (const auto& [name, child] : model.named_children()) {
    if (const auto layer = std::dynamic_pointer_cast<Layer>(child)) found.push_back(layer);
  }
  return found;
}

}  // namespace foundations::ch08
