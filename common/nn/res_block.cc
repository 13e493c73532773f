#include "common/nn/res_block.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/tensor/ops.h"

namespace foundations::nn {
namespace {

std::int64_t checked(std::int64_t stride) {
  if (stride == 1 || stride == 2) return stride;
  throw std::invalid_argument("ResBlock needs a stride of 1 or 2, but got " +
                              std::to_string(stride));
}

// Returns a way from `in` channels to `out`, with as few layers as it takes. The convolution needs
// no bias: bn2 has one.
Sequential identity(std::int64_t in, std::int64_t out, std::int64_t stride, Generator& generator) {
  std::vector<std::shared_ptr<Module>> layers;
  if (stride == 2) layers.push_back(share(AvgPool2d(2, {.ceil_mode = true})));
  if (in != out) layers.push_back(share(Conv2d(in, out, 1, {.bias = false}, generator)));
  return Sequential(layers);
}

}  // namespace

// The relus are done in the pass of the batch norm before them, and the addition too.
ResBlock::ResBlock(std::int64_t in, std::int64_t out, std::int64_t stride, Generator& generator)
    : conv1_(
          register_module("conv1", Conv2d(in, out, 3, {.padding = 1, .bias = false}, generator))),
      bn1_(register_module("bn1", BatchNorm2d(out, {.relu = true}))),
      conv2_(register_module(
          "conv2", Conv2d(out, out, 3, {.stride = checked(stride), .padding = 1, .bias = false},
                          generator))),
      bn2_(register_module("bn2", BatchNorm2d(out, {.relu = true}))),
      id_(register_module("id", identity(in, out, stride, generator))) {
  bn2_.weight().zero_();
}

Tensor ResBlock::forward(const Tensor& x) { return bn2_(conv2_(bn1_(conv1_(x))), id_(x)); }

Tensor ResBlock::bwd(const Tensor& out_grad) {
  const Tensor grad = conv1_.backward(bn1_.backward(conv2_.backward(bn2_.backward(out_grad))));
  const Tensor skip_grad = id_.backward(bn2_.take_skip_grad());
  return grad + skip_grad;
}

}  // namespace foundations::nn
