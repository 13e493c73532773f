// The same, with the batches dealt out by a loader: the loop no longer counts rows, and the order
// can change behind its back.
#include <vector>

#include "07_train_loop/data_loader.h"
#include "07_train_loop/loop.h"
#include "07_train_loop/optimizer.h"

namespace foundations::ch07 {

std::vector<float> with_data_loader(nn::Module& model, const Tensor& x, const LongTensor& y,
                                    const Settings& s) {
  const DataLoader train({x, y}, Sampler(x.size(0), s.batch));
  Optimizer opt(model.parameters(), s.lr);
  nn::CrossEntropyLoss loss;
  std::vector<float> losses;
  for (int epoch = 0; epoch < s.epochs; ++epoch) {
    for (const auto& [xb, yb] : train) {
      losses.push_back(loss(model(xb), yb).item());
      model.backward(loss.backward());
      opt.step();
      opt.zero_grad();
    }
  }
  return losses;
}

}  // namespace foundations::ch07
