// The network of this chapter: convolutions that halve the image, with batch norm behind each or
// without. A linear layer reads the mean of what is left.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/nn/nn.h"
#include "common/tensor/random.h"

namespace foundations::ch10 {

using Layers = std::vector<std::shared_ptr<nn::Module>>;

// Returns a convolution by Kaiming's rule, and relu. The batch norm between them does the relu in
// its own pass, and its bias takes the place of the convolution's.
inline Layers conv_layer(std::int64_t in, std::int64_t out, std::int64_t kernel, bool batch_norm,
                         Generator& generator) {
  nn::Conv2d conv(in, out, kernel, {.stride = 2, .padding = kernel / 2, .bias = !batch_norm},
                  generator);
  kaiming_normal_(conv.weight(), generator);
  if (batch_norm) return {share(std::move(conv)), share(nn::BatchNorm2d(out, {.relu = true}))};
  conv.bias().zero_();
  return {share(std::move(conv)), share(nn::ReLU())};
}

// Returns the layers for images of [n, 1, h, w]: {8, 16, 32} are three convolutions with so many
// channels, the first 5 x 5 and the others 3 x 3.
inline Layers layers(const std::vector<std::int64_t>& channels, bool batch_norm,
                     Generator& generator) {
  Layers all;
  std::int64_t in = 1;
  for (const std::int64_t out : channels) {
    for (const auto& layer : conv_layer(in, out, in == 1 ? 5 : 3, batch_norm, generator)) {
      all.push_back(layer);
    }
    in = out;
  }
  all.push_back(share(nn::AdaptiveAvgPool2d()));
  all.push_back(share(nn::Flatten()));
  all.push_back(share(nn::Linear(in, 10, generator)));
  return all;
}

}  // namespace foundations::ch10
