// The same, with the parameters as the model lists them: no name of a layer is left in the loop, so
// it trains any model.
#include <vector>

#include "07_train_loop/loop.h"
#include "common/tensor/ops.h"

namespace foundations::ch07 {

std::vector<float> with_parameters(nn::Module& model, const Tensor& x, const LongTensor& y,
                                   const Settings& s) {
  nn::CrossEntropyLoss loss;
  std::vector<float> losses;
  for (int epoch = 0; epoch < s.epochs; ++epoch) {
    for (std::int64_t i = 0; i < x.size(0); i += s.batch) {
      const Tensor xb = x(Slice(i, i + s.batch));
      const LongTensor yb = y(Slice(i, i + s.batch));
      losses.push_back(loss(model(xb), yb).item());
      model.backward(loss.backward());
      for (const Tensor& p : model.parameters()) p -= s.lr * p.grad();
      model.zero_grad();
    }
  }
  return losses;
}

}  // namespace foundations::ch07
