#include "common/nn/softmax.h"

#include "common/tensor/ops.h"

namespace foundations {

template <std::floating_point T>
TensorOf<T> log_softmax(const TensorOf<T>& x, std::int64_t dim) {
  wrap_dim(dim, x.dim());  // refused for an empty x too, which has no maximum
  if (x.numel() == 0) return x.clone();
  TensorOf<T> result = x - x.max(dim, true);
  result -= result.exp().sum(dim, true).log();
  return result;
}

template Tensor log_softmax(const Tensor&, std::int64_t);
template DoubleTensor log_softmax(const DoubleTensor&, std::int64_t);

}  // namespace foundations
