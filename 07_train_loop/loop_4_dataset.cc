// The same, with images and digits in one object: a batch is one index, and no longer two that have
// to agree.
#include <vector>

#include "07_train_loop/dataset.h"
#include "07_train_loop/loop.h"
#include "07_train_loop/optimizer.h"

namespace foundations::ch07 {

std::vector<float> with_dataset(nn::Module& model, const Tensor& x, const LongTensor& y,
                                const Settings& s) {
  const Dataset train{x, y};
  Optimizer opt(model.parameters(), s.lr);
  nn::CrossEntropyLoss loss;
  std::vector<float> losses;
  for (int epoch = 0; epoch < s.epochs; ++epoch) {
    for (std::int64_t i = 0; i < train.size(); i += s.batch) {
      const auto [xb, yb] = train[Slice(i, i + s.batch)];
      losses.push_back(loss(model(xb), yb).item());
      model.backward(loss.backward());
      opt.step();
      opt.zero_grad();
    }
  }
  return losses;
}

}  // namespace foundations::ch07
