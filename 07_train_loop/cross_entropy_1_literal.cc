// The definition, word for word: exp, a sum, a division, a logarithm. exp overflows in float from
// 89 on, and inf / inf is NaN; for a p that rounds to 0 the logarithm is -inf.
#include "07_train_loop/cross_entropy.h"
#include "common/tensor/ops.h"

namespace foundations::ch07 {

Tensor literal(const Tensor& logits, const LongTensor& targ) {
  const Tensor p = logits.exp() / logits.exp().sum(1, true);
  const Tensor log_p = p.log();
  return -log_p.gather(1, targ(_, None)).mean();
}

}  // namespace foundations::ch07
