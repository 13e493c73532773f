// ResBlock: what residual networks are made of. Derived in 11_resnet.
#pragma once

#include <cstdint>

#include "common/nn/batch_norm_layers.h"
#include "common/nn/conv_layers.h"
#include "common/nn/layers.h"
#include "common/tensor/random.h"

namespace foundations::nn {

// Returns relu(bn2(conv2(relu(bn1(conv1(x))))) + id(x)).
//   x: [n, in, h, w]   returns [n, out, h, w], or half of h and w, rounded up, for a stride of 2
// The convolutions are 3 x 3 without bias; conv2 has the stride. id returns x where that has the
// right shape. Else it is a mean over 2 x 2 pixels for a stride of 2, and then, for another number
// of channels, a 1 x 1 convolution.
//
// bn2's weight starts at 0, so the block starts as relu(id(x)): a network of any depth begins as a
// shallow one (Goyal et al., arXiv 1706.02677, section 5.1). Throws std::invalid_argument unless
// the stride is 1 or 2. He et al., arXiv 1512.03385.
class ResBlock : public Module {
 public:
  ResBlock(std::int64_t in, std::int64_t out, std::int64_t stride, Generator& generator);

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  Conv2d& conv1_;
  BatchNorm2d& bn1_;
  Conv2d& conv2_;
  BatchNorm2d& bn2_;
  Sequential& id_;
};

}  // namespace foundations::nn
