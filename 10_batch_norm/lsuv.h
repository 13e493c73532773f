// LSUV, layer-sequential unit variance: the other way to an even start. Look at what each layer
// makes of a batch, and scale the layer until that has a mean of 0 and a deviation of 1.
//
// Source: Mishkin and Matas, arXiv 1511.06422; the course's notebook 07a_lsuv.
#pragma once

#include "10_batch_norm/net.h"
#include "common/tensor/ops.h"

namespace foundations::ch10 {

// Scales the layers that have a weight and a bias, from the first to the last.
inline void lsuv(const Layers& layers, const Tensor& batch) {
  Tensor x = batch;
  for (const auto& layer : layers) {
    const std::vector<Tensor> parameters = layer->parameters();  // weight, bias
    if (parameters.size() == 2) {
      const Tensor std = (*layer)(x).std();
      for (const Tensor& p : parameters) p /= std;
      parameters[1] -= (*layer)(x).mean();
    }
    x = (*layer)(x);
  }
}

}  // namespace foundations::ch10
