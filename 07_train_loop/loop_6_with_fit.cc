// The same, called by its name. What a program still has to say is what to train, on what, and how.
#include <vector>

#include "07_train_loop/fit.h"
#include "07_train_loop/loop.h"

namespace foundations::ch07 {

std::vector<float> with_fit(nn::Module& model, const Tensor& x, const LongTensor& y,
                            const Settings& s) {
  const Dataset all{x, y};
  Optimizer opt(model.parameters(), s.lr);
  nn::CrossEntropyLoss loss;
  const DataLoader train(all, Sampler(all.size(), s.batch));
  const DataLoader no_valid(all[Slice(0, 0)], Sampler(0, s.batch));
  return fit(s.epochs, model, loss, opt, train, no_valid).losses;
}

}  // namespace foundations::ch07
