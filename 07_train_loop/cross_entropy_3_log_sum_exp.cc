// Softmax does not change when all logits of a row fall by the same number. Take the largest off:
// every exp is now between 0 and 1, and one of them is 1.
#include "07_train_loop/cross_entropy.h"
#include "common/tensor/ops.h"

namespace foundations::ch07 {

Tensor log_sum_exp(const Tensor& logits, const LongTensor& targ) {
  const Tensor x = logits - logits.max(1, true);
  const Tensor log_p = x - x.exp().sum(1, true).log();
  return -log_p.gather(1, targ(_, None)).mean();
}

// -log p of the target is log(sum of exp) - x[targ]. By x[j] the first part has the derivative
// exp(x[j]) / sum, which is softmax, and the second has 1 at the target.
Tensor cross_entropy_grad(const Tensor& logits, const LongTensor& targ) {
  const Tensor e = (logits - logits.max(1, true)).exp();
  const Tensor softmax = e / e.sum(1, true);
  const Tensor onehot = (arange(logits.size(1)) == targ(_, None)).to<float>();
  return (softmax - onehot) / static_cast<double>(targ.numel());
}

}  // namespace foundations::ch07
