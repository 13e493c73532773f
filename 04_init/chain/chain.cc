#include "04_init/chain/chain.h"

#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations::ch04 {
namespace {

constexpr std::int64_t kBatch = 16;

DoubleTensor activated(const DoubleTensor& x, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return x;
    case Activation::kRelu:
      return x.clamp_min(0);
    case Activation::kShiftedRelu:
      return x.clamp_min(0) - 0.5;
  }
  __builtin_unreachable();
}

}  // namespace

std::vector<double> stds_by_depth(const Chain& chain, int layers, std::int64_t width,
                                  Generator& generator) {
  std::vector<double> stds;
  DoubleTensor x = randn<double>({kBatch, width}, generator);
  for (int layer = 0; layer < layers; ++layer) {
    const Tensor w = chain.weights(width, width, generator);
    x = activated(matmul(x, w.to<double>()), chain.activation);
    stds.push_back(x.std().item());
  }
  return stds;
}

Depths all_depths(int layers, std::int64_t width, std::uint64_t seed) {
  Depths depths{layers, width, {}};
  for (const Chain& chain : kChains) {
    Generator generator(seed);
    depths.stds.push_back(stds_by_depth(chain, layers, width, generator));
  }
  return depths;
}

}  // namespace foundations::ch04
