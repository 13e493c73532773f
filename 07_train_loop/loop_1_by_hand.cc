// The whole of training: a batch, its loss, the way back, and a step of every parameter against its
// gradient. Then the next batch.
#include <vector>

#include "07_train_loop/loop.h"
#include "common/tensor/ops.h"

namespace foundations::ch07 {

std::vector<float> by_hand(nn::Module& model, const Tensor& x, const LongTensor& y,
                           const Settings& s) {
  const std::vector<Tensor> p = model.parameters();
  Tensor w1 = p.at(0), b1 = p.at(1), w2 = p.at(2), b2 = p.at(3);
  nn::CrossEntropyLoss loss;
  std::vector<float> losses;
  for (int epoch = 0; epoch < s.epochs; ++epoch) {
    for (std::int64_t i = 0; i < x.size(0); i += s.batch) {
      const Tensor xb = x(Slice(i, i + s.batch));
      const LongTensor yb = y(Slice(i, i + s.batch));
      losses.push_back(loss(model(xb), yb).item());
      model.backward(loss.backward());
      w1 -= s.lr * w1.grad();
      b1 -= s.lr * b1.grad();
      w2 -= s.lr * w2.grad();
      b2 -= s.lr * b2.grad();
      w1.grad() = b1.grad() = w2.grad() = b2.grad() = Tensor();
    }
  }
  return losses;
}

}  // namespace foundations::ch07
