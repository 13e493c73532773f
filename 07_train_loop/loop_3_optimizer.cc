// The same, with the step in an object: what a step is can change, and the loop does not.
#include <vector>

#include "07_train_loop/loop.h"
#include "07_train_loop/optimizer.h"

namespace foundations::ch07 {

std::vector<float> with_optimizer(nn::Module& model, const Tensor& x, const LongTensor& y,
                                  const Settings& s) {
  Optimizer opt(model.parameters(), s.lr);
  nn::CrossEntropyLoss loss;
  std::vector<float> losses;
  for (int epoch = 0; epoch < s.epochs; ++epoch) {
    for (std::int64_t i = 0; i < x.size(0); i += s.batch) {
      const Tensor xb = x(Slice(i, i + s.batch));
      const LongTensor yb = y(Slice(i, i + s.batch));
      losses.push_back(loss(model(xb), yb).item());
      model.backward(loss.backward());
      opt.step();
      opt.zero_grad();
    }
  }
  return losses;
}

}  // namespace foundations::ch07
