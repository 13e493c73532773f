// fit(): the loop for good, with a look at the validation set after every epoch.
#pragma once

#include <vector>

#include "07_train_loop/data_loader.h"
#include "07_train_loop/optimizer.h"
#include "common/nn/nn.h"

namespace foundations::ch07 {

// How well a model does on a data set: means over its rows, NaN where it has none.
struct Score {
  double loss = 0, accuracy = 0;
};

inline Score validate(nn::Module& model, nn::CrossEntropyLoss& loss, const DataLoader& valid) {
  model.eval();
  Score total;
  double rows = 0;
  for (const auto& [xb, yb] : valid) {
    const double n = static_cast<double>(xb.size(0));
    const Tensor out = model(xb);
    total.loss += n * loss(out, yb).item();
    total.accuracy += n * accuracy(out, yb).item();
    rows += n;
  }
  model.train();
  return {total.loss / rows, total.accuracy / rows};
}

struct History {
  std::vector<float> losses;  // of each batch
  std::vector<Score> valid;   // after each epoch
};

inline History fit(int epochs, nn::Module& model, nn::CrossEntropyLoss& loss, Optimizer& opt,
                   const DataLoader& train, const DataLoader& valid) {
  History history;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (const auto& [xb, yb] : train) {
      history.losses.push_back(loss(model(xb), yb).item());
      model.backward(loss.backward());
      opt.step();
      opt.zero_grad();
    }
    history.valid.push_back(validate(model, loss, valid));
  }
  return history;
}

}  // namespace foundations::ch07
