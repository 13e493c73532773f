#include "04_init/chain/chain.h"

#include <iterator>

#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::ch04 {
namespace {

DoubleTensor activated(const DoubleTensor& x, Activation activation) {
  if (activation == Activation::kNone) return x;
  return x.clamp_min(0) - (activation == Activation::kShiftedRelu ? 0.5 : 0);
}

}  // namespace

Stds stds_by_depth(std::uint64_t seed) {
  Generator generator(seed);
  std::vector<DoubleTensor> x(std::size(kChains), randn<double>({16, kWidth}, generator));
  Stds stds(std::size(kChains));
  for (int layer = 0; layer < kLayers; ++layer) {
    const DoubleTensor w = randn<double>({kWidth, kWidth}, generator);
    for (std::size_t i = 0; i < std::size(kChains); ++i) {
      x[i] = activated(matmul(x[i], w * kChains[i].std), kChains[i].activation);
      stds[i].push_back(x[i].std().item());
    }
  }
  return stds;
}

}  // namespace foundations::ch04
